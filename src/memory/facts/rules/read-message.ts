import { excerpt } from '../../../common/excerpt.js';
import type { FactKind } from '../fact.entity.js';
import { asksForSilence, type Forget, forgetOf, rememberAt } from './commands.js';
import { keyOf, preferenceKey } from './key.js';
import { type Rule, SELF_RULES } from './patterns.js';
import { PREFERENCE_RULES } from './preference-patterns.js';
import { type Clause, isSaid, type Speech, speechOf } from './speech.js';
import { valueAt } from './values.js';

/** A fact as it was found in one message. */
export interface FoundFact {
  readonly kind: FactKind;
  readonly key: string;
  readonly value: string;
  readonly statement: string;
  /** Part of the message, as it stands there. */
  readonly quote: string;
  readonly ends: boolean;
  readonly rule: string | null;
  readonly ruleVersion: number | null;
  readonly model: string | null;
  readonly confidence: number;
}

export type Step =
  { readonly do: 'learn'; readonly fact: FoundFact } | { readonly do: 'forget'; readonly what: Forget };

/** The user asked for it, in so many words. */
const ASKED_FOR = 1;
/** Said of oneself, or asked of every answer. */
export const SAID = 0.9;

const LONGEST_STATEMENT = 300;
/** One message teaches no more than this. */
const MOST_FACTS = 20;

const BY_REQUEST = { rule: 'remember', ruleVersion: 1, model: null, confidence: ASKED_FOR } as const;

/** What a user's message teaches by rules, in the order it is said. Pure: the same message, the same facts. */
export function readMessage(message: string): Step[] {
  const speech = speechOf(message);
  const clauses = speech.isPasted ? aroundPaste(message, speech) : speech.clauses;
  const isSilent = clauses.some(({ text, isMeant }) => isMeant && asksForSilence(text));
  const steps: Step[] = [];
  let until = 0;
  for (const clause of clauses) {
    if (clause.start < until || !clause.isMeant) continue;
    const asked = commandIn(clause, message);
    if (asked !== null) {
      steps.push(...(isSilent ? asked.filter((step) => step.do === 'forget') : asked));
      until = clause.end;
    } else if (!isSilent && !speech.isPasted) {
      steps.push(...factsIn(clause, message).map((fact): Step => ({ do: 'learn', fact })));
    }
  }
  return withoutRepeats(steps).slice(0, MOST_FACTS);
}

/** People write before and after what they paste; in the middle of it nobody speaks to us. */
function aroundPaste(message: string, { clauses }: Speech): Clause[] {
  const first = message.search(/\S/);
  const firstEnd = message.indexOf('\n', first);
  const last = message.lastIndexOf('\n', message.trimEnd().length);
  return clauses.filter(({ start, isFirst }) => isFirst && (start < firstEnd || start > last));
}

function commandIn(clause: Clause, message: string): Step[] | null {
  const at = rememberAt(clause.text);
  if (at !== null)
    return clause.asks && !/^\s*(?:can|could)\b/i.test(clause.text) ? [] : remembered(clause, at, message);
  const what = clause.asks ? null : forgetOf(clause.text);
  if (what === null) return null;
  if (what.of !== 'words') return [{ do: 'forget', what }];
  // "Forget that I live in Rome": the same rules tell what that is about.
  const said = factsIn({ ...clause, text: what.text, isMeant: true, asks: false }, message);
  return said.length === 0
    ? [{ do: 'forget', what }]
    : said.map(({ key, value }): Step => ({ do: 'forget', what: { of: 'fact', key, value } }));
}

/** What follows "remember that": where a rule knows it, as that fact; else in the user's words. */
function remembered(clause: Clause, at: number, message: string): Step[] {
  const start = clause.start + at;
  const inner: Clause = { ...clause, text: clause.text.slice(at), start, isFirst: true, isMeant: true, asks: false };
  const known = factsIn(inner, message);
  if (known.length > 0) {
    return known.map((fact): Step => ({ do: 'learn', fact: { ...fact, confidence: ASKED_FOR } }));
  }
  // From the message itself: what is quoted in it belongs to what is to be kept.
  const statement = excerpt(message.slice(start, clause.end), LONGEST_STATEMENT);
  if (statement === '') return [];
  // "my budget is 5000" is superseded by "my budget is 6000".
  const subject = /^((?:my|our)\s+[\p{L}\s'’-]{2,60}?)\s+(?:is|are|was|will be)\s/iu.exec(statement)?.[1];
  return [
    {
      do: 'learn',
      fact: {
        kind: 'remembered',
        key: keyOf('remembered', subject ?? statement),
        value: statement,
        statement: capital(statement),
        quote: excerpt(message.slice(clause.start, clause.end), LONGEST_STATEMENT),
        ends: false,
        ...BY_REQUEST,
      },
    },
  ];
}

function factsIn(clause: Clause, message: string): FoundFact[] {
  return [...SELF_RULES, ...PREFERENCE_RULES].flatMap((rule) => factBy(rule, clause, message) ?? []);
}

function factBy(rule: Rule, clause: Clause, message: string): FoundFact | null {
  const lead = rule.lead.exec(clause.text);
  if (lead === null || (rule.firstOnly === true && !clause.isFirst)) return null;
  const found = valueAt(clause.text.slice(lead[0].length), rule.shape);
  if (found === null) return null;
  const { value } = found;
  if (rule.not?.test(value) === true || rule.value?.test(value) === false) return null;
  const length = lead[0].length + found.length;
  if (!isSaid(clause, length)) return null;
  const spoken = (lead.groups?.['how'] ?? lead.groups?.['how2'] ?? '').toLowerCase();
  const how = spoken === 'by' ? 'for' : spoken;
  const also = /\balso\b/i.test(lead[0]) && rule.kind === 'work';
  const statement = rule.statement.replace('{how}', () => how).replace('{value}', () => value);
  return {
    kind: rule.kind,
    key: keyBy(rule, value) + (also ? `:${keyOf('work', value).slice('work.'.length)}` : ''),
    value: excerpt(value, LONGEST_STATEMENT),
    statement: excerpt(capital(statement), LONGEST_STATEMENT),
    quote: excerpt(message.slice(clause.start, clause.start + length), LONGEST_STATEMENT),
    ends: rule.ends === true,
    rule: rule.id,
    ruleVersion: rule.version,
    model: null,
    confidence: SAID,
  };
}

const keyBy = ({ key, kind }: Rule, value: string): string =>
  kind === 'preference' ? preferenceKey(value) : key.replace('{value}', () => value.toLowerCase());

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** Of two facts with one key in one message the later one is meant. */
function withoutRepeats(steps: readonly Step[]): Step[] {
  return steps.filter((step, i) => {
    if (step.do === 'forget') return true;
    return !steps.slice(i + 1).some((later) => later.do === 'learn' && later.fact.key === step.fact.key);
  });
}
