import { excerpt } from '../../common/excerpt.js';
import type { Finding } from '../../chat/pipeline/turn.js';
import { sentence } from '../../chat/pipeline/words/language.js';
import type { Tally } from './tally.js';

/** What was found for one section, the most interesting first. */
export interface Told {
  readonly section: number;
  /** Of the section: without it nobody knows what "highest" is about. */
  readonly heading: string;
  readonly findings: readonly Finding[];
}

const MOST = 6;
const LONGEST_HEADING = 120;
const MOST_OF_ONE = 2;
/** Remarks on how the data was read are no findings about the world. */
const REMARKS: ReadonlySet<Finding['kind']> = new Set(['note', 'missing', 'count']);

/** What a reader wants to know most, of all sections; each sentence as it stands in its own, in their order, and checked against its numbers. */
export function mostInteresting(told: readonly Told[], tally: Tally): string[] {
  const all = told.flatMap(({ section, heading, findings }) =>
    findings.map((finding) => ({ section, heading, finding })),
  );
  const taken = new Map<number, number>();
  const said = new Set<string>();
  const chosen = all
    .filter(({ finding }) => !REMARKS.has(finding.kind))
    .toSorted((a, b) => b.finding.interest - a.finding.interest || a.section - b.section)
    .filter(({ section, finding }) => {
      const before = taken.get(section) ?? 0;
      if (before >= MOST_OF_ONE || said.size >= MOST || said.has(finding.text)) return false;
      taken.set(section, before + 1);
      said.add(finding.text);
      return true;
    });
  const reading = chosen.toSorted((a, b) => a.section - b.section);
  const few = all.find(({ finding }) => isThinEnd(finding));
  return [...reading, ...(few === undefined ? [] : [few])].map(({ section, heading, finding }) => {
    const about = excerpt(heading.replaceAll('*', '').replace(/[.:]\s*$/, ''), LONGEST_HEADING);
    const trend = trendOf(
      finding,
      told.find((each) => each.section === section),
    );
    const words = [finding, ...(trend === undefined || said.has(trend.text) ? [] : [trend])];
    const text = `**${about}${about.endsWith('?') ? '' : ':'}** ${words.map((each) => sentence(each.text)).join(' ')}`;
    tally.check(text, [heading], ...words.map(({ values }) => Object.values(values)));
    return text;
  });
}

/** From one end to the other something has always changed; whether that is a trend is another question. */
const trendOf = ({ kind }: Finding, told: Told | undefined): Finding | undefined =>
  kind === 'change' ? told?.findings.find((finding) => finding.kind === 'trend') : undefined;

/** The last period rests on far fewer rows than those before: whoever reads of a change has to know. */
export const isThinEnd = ({ kind, values }: Finding): boolean => kind === 'note' && 'usual' in values;
