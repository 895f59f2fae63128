/** Ranked recall, scored: which share of the messages that hold the answer is near the top. */
export interface MemoryData {
  readonly name: string;
  readonly conversations: readonly MemoryConversation[];
  readonly questions: readonly MemoryQuestion[];
}

export interface MemoryConversation {
  readonly id: string;
  /** Oldest first. */
  readonly messages: readonly {
    readonly id: string;
    readonly author?: string | null;
    readonly role: 'user' | 'assistant' | 'system';
    readonly content: string;
    /** A time or a date as text; null where it is not known. */
    readonly createdAt?: string | null;
  }[];
}

export interface MemoryQuestion {
  readonly id: string;
  readonly conversationId: string;
  readonly query: string;
  readonly category: string;
  /** Ids of the messages of its conversation that hold the answer; without any it is not scored. */
  readonly evidence: readonly string[];
}

export interface Ranking {
  readonly id: string;
  /** Message ids, best first. */
  readonly ranked: readonly string[];
  readonly ms?: number;
}

interface Measures {
  readonly questions: number;
  readonly recall5: number;
  readonly recall10: number;
  readonly recall20: number;
  readonly hit10: number;
  readonly mrr: number;
}

/** Of one question. A message that is named twice counts at its first place. */
export function measure(ranked: readonly string[], evidence: readonly string[]): Measures {
  const wanted = new Set(evidence);
  const list = [...new Set(ranked)];
  const first = list.findIndex((id) => wanted.has(id));
  const within = (k: number): number => list.slice(0, k).filter((id) => wanted.has(id)).length / wanted.size;
  return {
    questions: 1,
    recall5: within(5),
    recall10: within(10),
    recall20: within(20),
    hit10: first >= 0 && first < 10 ? 1 : 0,
    mrr: first < 0 ? 0 : 1 / (first + 1),
  };
}

/** Averages over the questions that name evidence, by category and of all; one without a ranking found nothing. */
export function measures(set: MemoryData, rankings: readonly Ranking[]): Map<string, Measures> {
  const rankedOf = new Map(rankings.map(({ id, ranked }) => [id, ranked]));
  const groups = new Map<string, Measures[]>();
  for (const { id, category, evidence } of set.questions) {
    if (evidence.length === 0) continue;
    const row = measure(rankedOf.get(id) ?? [], evidence);
    for (const group of [category, 'ALL']) groups.set(group, [...(groups.get(group) ?? []), row]);
  }
  const names = [...groups.keys()].filter((name) => name !== 'ALL').sort();
  return new Map([...names, 'ALL'].map((name) => [name, mean(groups.get(name) ?? [])]));
}

export function memoryTable(set: MemoryData, rankings: readonly Ranking[]): string {
  const lines = [`${'category'.padEnd(26)} questions  recall@5 recall@10 recall@20    hit@10       MRR`];
  for (const [name, row] of measures(set, rankings)) {
    const figures = [row.recall5, row.recall10, row.recall20, row.hit10, row.mrr];
    const shown = figures.map((figure) => (100 * figure).toFixed(1).padStart(10)).join('');
    lines.push(`${name.padEnd(26)}${String(row.questions).padStart(10)}${shown}`);
  }
  const ms = rankings.flatMap((ranking) => ranking.ms ?? []).sort((a, b) => a - b);
  const at = (part: number): string => ms[Math.min(ms.length - 1, Math.floor(part * ms.length))]?.toFixed(1) ?? '–';
  lines.push(`a question took ${at(0.5)} ms (median), ${at(0.95)} ms (95 %)`);
  return lines.join('\n');
}

function mean(rows: readonly Measures[]): Measures {
  const of = (value: (row: Measures) => number): number =>
    rows.reduce((sum, row) => sum + value(row), 0) / Math.max(1, rows.length);
  return {
    questions: rows.length,
    recall5: of(({ recall5 }) => recall5),
    recall10: of(({ recall10 }) => recall10),
    recall20: of(({ recall20 }) => recall20),
    hit10: of(({ hit10 }) => hit10),
    mrr: of(({ mrr }) => mrr),
  };
}
