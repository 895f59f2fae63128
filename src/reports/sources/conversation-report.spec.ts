import { beforeAll, describe, expect, it } from '@jest/globals';
import { sampleTable } from '../../../test/support/sector-scores.js';
import { aTurn, portOf } from '../../../test/support/turn.js';
import { runPipeline } from '../../chat/pipeline/run-pipeline.js';
import { recordOf } from '../../chat/turn-record.js';
import type { MessageRow } from '../../conversations/message.entity.js';
import { answeredTurns, conversationReport, datasetsOf } from './conversation-report.js';
import type { Material } from './material.js';

const table = sampleTable();
const LIMITS = { rows: 10, sections: 20 };

/** Messages of a conversation in which these were asked, each by itself. */
async function talk(questions: readonly string[]): Promise<MessageRow[]> {
  const rows: MessageRow[] = [];
  const add = (role: MessageRow['role'], type: string, content: string, metadata: object): void => {
    const seq = rows.length + 1;
    rows.push({
      userId: 'u',
      conversationId: 'c',
      seq,
      id: `m${seq}`,
      parentId: rows.at(-1)?.id ?? null,
      active: true,
      role,
      type,
      status: 'complete',
      content,
      metadata: metadata as MessageRow['metadata'],
      clientId: null,
      createdAt: new Date(Date.UTC(2026, 2, 3, 10, seq)),
    });
  };
  for (const question of questions) {
    const { understanding: _, ...asked } = aTurn(table, null);
    const done = await runPipeline({ ...asked, question }, portOf(table));
    add('user', 'text', question, {});
    add('assistant', 'analysis', done.text, recordOf(done, 'r', done.timings));
  }
  return rows;
}

describe('the report of a conversation', () => {
  let messages: MessageRow[];
  let report: Material;
  beforeAll(async () => {
    messages = await talk([
      'What is the average score in 2024?',
      'Average score by region in 2024',
      'hello',
      'What is the average score in 2024?',
      'Average score of unicorns',
    ]);
    report = conversationReport('Talk', answeredTurns(messages), [table.profile], LIMITS);
  });

  it('has each question that was answered once, the later time, in order', () => {
    expect(report.sections.map(({ heading }) => heading)).toEqual([
      'Average score by region in 2024',
      'What is the average score in 2024?',
    ]);
    expect(answeredTurns(messages).map(({ answer }) => answer.id)).toEqual(['m4', 'm8']);
    expect(report.scope).toBe('2 questions answered, 3 March 2026');
  });

  it('has the answers as they were stored, the source named once', () => {
    for (const [at, { text }] of report.sections.entries()) {
      expect(messages[at === 0 ? 3 : 7]?.content.startsWith(text)).toBe(true);
      expect(text).not.toContain('Source:');
    }
    expect(report.sources).toHaveLength(1);
  });

  it('has figures for answers that are one number, and bears out all numbers', () => {
    expect(report.figures).toMatchObject([{ label: 'Average score', note: 'What is the average score in 2024?' }]);
    expect(report.grounded.numbers).toBeGreaterThan(10);
    expect(report.grounded).toMatchObject({ unsupported: [], supported: report.grounded.numbers });
  });

  it('shows no table of what the text lists already, and the pictures', () => {
    expect(report.sections[0]).toMatchObject({ table: null, chart: { title: expect.stringContaining('by region') } });
  });

  it('keeps to the sections asked for, and says so', () => {
    const short = conversationReport('Talk', answeredTurns(messages), [], { ...LIMITS, sections: 1 });
    expect(short.sections).toHaveLength(1);
    expect(short.method.join()).toContain('The last 1 of 2 answered questions');
    expect(short.sources[0]?.title).toBe('A data set that is no longer there');
  });

  it('passes over what clients stored', () => {
    const own = messages.map((message) => ({ ...message, type: 'text' }));
    expect(answeredTurns(own)).toEqual([]);
    expect(datasetsOf(answeredTurns(messages))).toEqual([table.profile.id]);
  });

  it('says nothing of when the reader’s author asked before, and refers to the table for what a list leaves out', () => {
    const [turn] = answeredTurns(messages);
    if (turn === undefined) throw new Error('no turn');
    const text = 'when you asked earlier today it was 7.0 points';
    const said = 'When you asked earlier today it was 7.0 points.';
    const { record, answer } = turn;
    const changed = {
      ...turn,
      answer: { ...answer, content: `${answer.content.split('\n\n')[0]}\n\n- A: 1\n- and 2 more\n\n${said}` },
      record: {
        ...record,
        grounded: { numbers: 5, supported: 5, unsupported: [], summary: '' },
        findings: [
          { kind: 'change', text, values: { was: 7 }, support: [], interest: 1, earlier: 'm0' } as const,
          ...record.findings,
        ],
      },
    };
    const one = conversationReport('Talk', [changed], [table.profile], LIMITS);
    expect(JSON.stringify([one.summary, one.sections])).not.toMatch(/you asked/i);
    expect(one.sections[0]?.text).toContain('- and 2 more, in the table');
    expect(one.sections[0]?.table).not.toBeNull();
    const before = conversationReport(
      'Talk',
      [{ ...changed, record: { ...changed.record, findings: record.findings } }],
      [table.profile],
      LIMITS,
    );
    expect(one.grounded.numbers).toBe(before.grounded.numbers - 1);
  });

  it('takes two questions for one that differ in the order of their rows only', () => {
    const ordered = messages.map((message): MessageRow => {
      const { query } = message.metadata as { query?: object | null };
      if (query === undefined || query === null || message.id !== 'm4') return message;
      return {
        ...message,
        metadata: { ...message.metadata, query: { ...query, orderBy: [] } } as MessageRow['metadata'],
      };
    });
    const ids = answeredTurns([
      ...ordered,
      ...[messages[2], messages[3]].map(
        (each, at) => ({ ...each, id: `n${at}`, parentId: at === 0 ? null : 'n0' }) as MessageRow,
      ),
    ]);
    expect(ids.map(({ answer }) => answer.id)).toEqual(['m8', 'n1']);
  });
});
