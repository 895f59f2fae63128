import { expect } from '@jest/globals';
import type { Scalar } from '../../src/common/scalar.js';
import { runPipeline } from '../../src/chat/pipeline/run-pipeline.js';
import type { RetrievalPort } from '../../src/chat/pipeline/retrieve/retrieve.js';
import type { Asked, Composed, PastTurn } from '../../src/chat/pipeline/turn.js';
import { aTurn, portOf, type Table } from './turn.js';

/**
 * A conversation about a table, in memory or where its port runs queries, from the question to the words of the answer, each of
 * whose numbers must be in the evidence. `others` are tables in memory, each with an id of its own, that stand before it.
 */
export class Talk {
  private readonly history: PastTurn[] = [];

  constructor(
    private readonly table: Table,
    private readonly port: RetrievalPort = portOf(table),
    private readonly others: readonly Table[] = [],
  ) {}

  /** Of several tables in memory; the newest comes first. */
  static of(...tables: readonly [Table, ...Table[]]): Talk {
    const [table, ...others] = tables.toReversed() as [Table, ...Table[]];
    const ports = new Map(tables.map((each) => [each.profile.id, portOf(each)]));
    const port: RetrievalPort = { run: (query) => (ports.get(query.datasetId) ?? portOf(table)).run(query) };
    return new Talk(table, port, others.toReversed());
  }

  async ask(question: string): Promise<Composed> {
    const { understanding: _, ...turn } = aTurn(this.table, null);
    const datasets = [...this.others.map(({ profile }) => profile), ...turn.datasets];
    const asked: Asked = { ...turn, datasets, question, history: [...this.history] };
    const done = await runPipeline(asked, this.port);
    expect([done.text, done.grounded?.unsupported]).toEqual([done.text, []]);
    const { understanding, answer, evidence } = done;
    const messageId = String(this.history.length);
    this.history.push({
      messageId,
      question,
      understanding,
      result: evidence.primary,
      answer,
      colors: done.visualization?.colors,
    });
    return done;
  }

  async rows(question: string): Promise<readonly (readonly Scalar[])[]> {
    return (await this.ask(question)).evidence.primary?.rows ?? [];
  }

  async text(question: string): Promise<string> {
    return (await this.ask(question)).text;
  }
}
