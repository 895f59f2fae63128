import { newId } from '../../common/ids.js';
import type { Fact } from './fact.entity.js';
import type { Forget } from './rules/commands.js';
import { stemsOf } from './rules/key.js';
import type { FoundFact, Step } from './rules/read-message.js';

/** What one message teaches. */
export interface Lesson {
  readonly conversationId: string;
  readonly messageId: string;
  readonly saidAt: Date;
  readonly steps: readonly Step[];
}

/** What is known already, as far as it matters here. */
export type Known = Pick<Fact, 'id' | 'key' | 'value' | 'statement' | 'ended' | 'validFrom'>;

export type NewFact = FoundFact & { readonly id: string; readonly validFrom: Date };

export interface NewSource {
  readonly factId: string;
  readonly conversationId: string;
  readonly messageId: string;
  readonly saidAt: Date;
  readonly quote: string;
}

export interface Changes {
  readonly facts: NewFact[];
  readonly sources: NewSource[];
  /** Ids of facts that go for good. */
  readonly removed: string[];
}

/**
 * What the lessons change, in the order they were said. What is said again becomes one more source of the fact that holds;
 * what differs from it is a new version.
 */
export function changesOf(known: readonly Known[], lessons: readonly Lesson[]): Changes {
  let facts: Known[] = [...known];
  const added = new Map<string, NewFact>();
  const sources: NewSource[] = [];
  const removed: string[] = [];
  for (const { steps, ...source } of lessons) {
    for (const step of steps) {
      if (step.do === 'forget') {
        const gone = forgotten(facts, step.what, source.saidAt);
        for (const { id } of gone) if (!added.delete(id)) removed.push(id);
        facts = facts.filter((fact) => !gone.includes(fact));
        continue;
      }
      const { fact } = step;
      const holds = holding(facts, fact.key, source.saidAt);
      const isSame = holds !== null && same(holds.value, fact.value);
      if (fact.ends ? !isSame || holds.ended : isSame && !holds.ended) {
        if (!fact.ends && holds !== null) sources.push({ ...source, factId: holds.id, quote: fact.quote });
        continue;
      }
      const version = { ...fact, id: newId(), validFrom: source.saidAt };
      added.set(version.id, version);
      facts.push({ ...version, ended: fact.ends });
      sources.push({ ...source, factId: version.id, quote: fact.quote });
    }
  }
  const isThere = ({ factId }: NewSource): boolean => facts.some(({ id }) => id === factId);
  return { facts: [...added.values()], sources: sources.filter(isThere), removed };
}

/** The version of this key that held at the moment; null: none did. */
function holding(facts: readonly Known[], key: string, at: Date): Known | null {
  let latest: Known | null = null;
  for (const fact of facts) {
    if (fact.key !== key || fact.validFrom > at) continue;
    if (
      latest === null ||
      fact.validFrom > latest.validFrom ||
      (+fact.validFrom === +latest.validFrom && fact.id > latest.id)
    ) {
      latest = fact;
    }
  }
  return latest;
}

/** The facts that are meant, with every earlier version of the same key: what is forgotten leaves nothing behind. */
function forgotten(facts: readonly Known[], what: Forget, at: Date): Known[] {
  const before = facts.filter(({ validFrom }) => validFrom <= at);
  const keys = new Set(before.filter((fact) => isMeant(fact, what)).map(({ key }) => key));
  return before.filter(({ key }) => keys.has(key));
}

function isMeant(fact: Known, what: Forget): boolean {
  switch (what.of) {
    case 'all':
      return true;
    case 'key':
      return fact.key.startsWith(what.prefix);
    case 'fact':
      return fact.key === what.key && same(fact.value, what.value);
    case 'words': {
      const said = new Set(stemsOf(`${fact.statement} ${fact.value}`));
      const meant = stemsOf(what.text);
      return meant.length > 0 && meant.every((stem) => said.has(stem));
    }
  }
}

const same = (a: string, b: string): boolean => plain(a) === plain(b);
const plain = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[\s.,;:!?'’"]+/g, ' ')
    .trim()
    .replace(/^(?:the|an?) /, '');
