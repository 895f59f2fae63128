import { idf } from '../../text/bm25.js';

/*
 * How past results are ranked, as arithmetic on what the index found: first the same question in meaning, then shared
 * entities, then likeness of words, then recency. Each weight is a tenth of the one before, so that what comes later
 * decides between what is nearly alike before.
 */
const ENTITIES = 1;
const WORDS = 0.1;
const RECENCY = 0.01;
const SAME = 2;
const HALF_LIFE_MS = 30 * 86_400_000;

export interface Candidate {
  readonly conversationId: string;
  readonly seq: number;
  readonly answeredAt: Date;
  readonly signature: string;
  /** Of its entities and its terms. */
  readonly marks: ReadonlySet<number>;
}

export interface Sought {
  readonly signature: string | null;
  readonly entities: readonly { readonly name: string; readonly mark: number }[];
  readonly terms: readonly { readonly mark: number }[];
  readonly askedAt: Date;
}

/** What the score of a result is made of: `2 × same + entities + words / 10 + recency / 100`. */
export interface ResultParts {
  /** 1: the same question in meaning, of the same data set. */
  readonly same: number;
  /** How much of what is asked about it shares, 0–1; what few results are about counts more. */
  readonly entities: number;
  /** The same of the question's words. */
  readonly words: number;
  /** 1 for now, halved every 30 days. */
  readonly recency: number;
}

export interface RankedResult<T> {
  readonly item: T;
  readonly score: number;
  readonly parts: ResultParts;
  /** Names of the entities shared. */
  readonly shared: readonly string[];
}

/** How many of the sampled results hold each mark. */
export class Rarity {
  private readonly holders = new Map<number, number>();

  constructor(private readonly sample: readonly Candidate[]) {
    for (const { marks } of sample) for (const mark of marks) this.holders.set(mark, (this.holders.get(mark) ?? 0) + 1);
  }

  weight(mark: number): number {
    return idf(this.sample.length, this.share(mark) * this.sample.length);
  }

  /** 0–1 */
  share(mark: number): number {
    return this.sample.length === 0 ? 0 : (this.holders.get(mark) ?? 0) / this.sample.length;
  }
}

/** Best first; of equals the newer one. Results that share nothing with what is sought are left out. */
export function rankedResults<T extends Candidate>(
  candidates: readonly T[],
  sought: Sought,
  rarity: Rarity,
): RankedResult<T>[] {
  const entities = sought.entities.map((entity) => ({ ...entity, weight: rarity.weight(entity.mark) }));
  const terms = sought.terms.map((term) => ({ ...term, weight: rarity.weight(term.mark) }));
  const [allEntities, allTerms] = [total(entities), total(terms)];
  const found = candidates.flatMap((item) => {
    const shared = entities.filter(({ mark }) => item.marks.has(mark));
    const said = terms.filter(({ mark }) => item.marks.has(mark));
    const parts: ResultParts = {
      same: item.signature === sought.signature ? 1 : 0,
      entities: allEntities === 0 ? 0 : total(shared) / allEntities,
      words: allTerms === 0 ? 0 : total(said) / allTerms,
      recency: recencyOf(item.answeredAt, sought.askedAt),
    };
    if (parts.same === 0 && shared.length === 0 && said.length === 0) return [];
    return [{ item, score: scoreOf(parts), parts, shared: shared.map(({ name }) => name) }];
  });
  return found.sort((a, b) => b.score - a.score || newerFirst(a.item, b.item));
}

const scoreOf = ({ same, entities, words, recency }: ResultParts): number =>
  SAME * same + ENTITIES * entities + WORDS * words + RECENCY * recency;

export const recencyOf = (answeredAt: Date, askedAt: Date): number =>
  0.5 ** (Math.max(0, askedAt.getTime() - answeredAt.getTime()) / HALF_LIFE_MS);

const newerFirst = (a: Candidate, b: Candidate): number =>
  b.answeredAt.getTime() - a.answeredAt.getTime() ||
  (a.conversationId === b.conversationId ? b.seq - a.seq : a.conversationId < b.conversationId ? -1 : 1);

const total = (parts: readonly { readonly weight: number }[]): number =>
  parts.reduce((sum, { weight }) => sum + weight, 0);
