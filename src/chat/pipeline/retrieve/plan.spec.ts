import { describe, expect, it } from '@jest/globals';
import { aTable, aTurn, portOf } from '../../../../test/support/turn.js';
import { understand } from '../understand/understand.js';
import type { Asked, PastTurn, Source, Understood } from '../turn.js';
import type { FoundMessage } from '../passages/messages.js';
import type { FoundPassage } from '../passages/quote.js';
import { compose } from '../compose/compose.js';
import { analyze } from '../analyze/analyze.js';
import { visualize } from '../visualize/visualize.js';
import { type Plan, planOf } from './plan.js';
import { retrieve, type RetrievalPort } from './retrieve.js';

const table = aTable(
  {
    sector: { type: 'text', role: 'dimension' },
    year: { type: 'integer', role: 'temporal' },
    score: { type: 'integer', role: 'measure' },
  },
  ['Education', 'Healthcare', 'Energy'].flatMap((sector, i) =>
    [2019, 2020, 2021].map((year) => [sector, year, 50 + 5 * i - (year % 7)]),
  ),
  { title: 'Sector scores' },
);
const { understanding: _, ...nobody } = aTurn(table, null);

/** Questions of one conversation, the last one as it was understood. */
function asked(...questions: string[]): Understood {
  const history: PastTurn[] = [];
  let turn: Understood | null = null;
  for (const [at, question] of questions.entries()) {
    const now: Asked = { ...nobody, question, history: [...history], askedAt: new Date('2026-11-27T12:00:00Z') };
    turn = understand(now);
    history.push({ messageId: `m${at}`, question, understanding: turn.understanding, result: null, answer: null });
  }
  if (turn === null) throw new Error('nothing was asked');
  return turn;
}
const sources = (plan: Plan): Source[] =>
  (['tables', 'documents', 'results', 'conversations'] as const).filter((source) => plan[source].asked);

describe('a plan', () => {
  it.each<[string, Source[]]>([
    ['What was the average score of education in 2021?', ['tables', 'results']],
    ['Why did education fall in 2021?', ['tables', 'documents', 'results']],
    ['Who repaired the large crane?', ['documents']],
    ['What did I say about my budget?', ['conversations']],
    ['What did we decide on the launch date?', ['documents', 'conversations']],
    ['Hello!', []],
    ['What can I ask?', []],
  ])('of %s', (question, expected) => {
    const plan = planOf(asked(question));
    expect(sources(plan)).toEqual(expected);
    for (const { why } of Object.values(plan)) expect(why).not.toBe('');
  });

  it('searches documents for what the tables know the question to be about', () => {
    const { documents } = planOf(asked('Why did education fall in 2021?'));
    expect(documents.search).toBe('Why did education fall in 2021?');
    expect(documents.topic).toEqual({ values: ['Education'], years: [2021, 2020], measures: ['score'] });
  });

  it.each(['Why?', 'What is the reason for that?', 'How come?', 'Why did it fall?'])(
    'of a follow-up is about what was asked before: %s',
    (question) => {
      const { documents } = planOf(asked('What was the average score of education in 2021?', question));
      expect(documents.asked).toBe(true);
      expect(documents.search).toContain('Education');
      expect(documents.search).toContain('2021');
      expect(documents.topic?.values).toEqual(['Education']);
    },
  );

  it('does not ask about what is excluded', () => {
    const turn = aTurn(
      table,
      {
        select: [{ value: { aggregate: 'avg', of: { column: 'score' } } }],
        where: { compare: '!=', left: { column: 'sector' }, right: { literal: 'Energy' } },
      },
      {},
    );
    expect(planOf({ ...turn, question: 'Why is it low without energy?' }).documents.topic?.values).toEqual([]);
  });
});

const passage = (quote: string, more: Partial<FoundPassage> = {}): FoundPassage => ({
  documentId: 'd',
  title: 'Report',
  n: 1,
  heading: [],
  page: null,
  quote,
  starts: 0,
  ends: quote.length,
  score: 1,
  coverage: 0.6,
  ...more,
});
const message = (content: string, more: Partial<FoundMessage> = {}): FoundMessage => ({
  messageId: content.slice(0, 8),
  conversationId: 'c',
  isHere: false,
  role: 'user',
  at: '2026-03-03T10:00:00.000Z',
  content,
  score: 1,
  ...more,
});
const port = (more: Partial<RetrievalPort>): RetrievalPort => ({ ...portOf(table), ...more });
const stateOf = (turn: Awaited<ReturnType<typeof retrieve>>, source: Source): string | undefined =>
  turn.evidence.sources?.find((each) => each.source === source)?.state;

describe('a question that needs rows and passages', () => {
  it('has both, and no passage about another thing or time', async () => {
    const turn = await retrieve(
      asked('Why did education fall in 2021?'),
      port({
        passages: () =>
          Promise.resolve({
            passages: [
              passage('Education fell in 2015 because of cuts.'),
              passage('Energy fell in 2021 because of the winter.'),
              passage('Education fell in 2021 because schools were closed.'),
            ],
            terms: [{ stems: ['educ'] }, { stems: ['fall', 'fell'] }, { stems: ['2021'] }],
            absent: [],
            corrected: [],
          }),
      }),
    );
    expect(turn.evidence.primary?.rows).toHaveLength(1);
    expect(turn.evidence.passages?.map(({ quote }) => quote)).toEqual([
      'Education fell in 2021 because schools were closed.',
    ]);
    expect(turn.evidence.sources).toEqual([
      expect.objectContaining({ source: 'tables', asked: true, of: 'Sector scores', found: 1, state: 'answered' }),
      expect.objectContaining({ source: 'documents', asked: true, found: 1, state: 'answered' }),
      expect.objectContaining({ source: 'results', asked: true }),
      expect.objectContaining({ source: 'conversations', asked: false, state: 'not_asked' }),
    ]);
  });

  it.each<[string, RetrievalPort['passages'], string]>([
    ['fails', () => Promise.reject(new Error('gone')), 'failed'],
    ['has nothing to look in', () => Promise.resolve(null), 'none'],
  ])('is answered from the tables where the search %s', async (_name, passages, state) => {
    const turn = await retrieve(asked('Why did education fall in 2021?'), port({ passages }));
    expect([turn.evidence.primary?.rows.length, stateOf(turn, 'documents')]).toEqual([1, state]);
    expect(turn.evidence.documentsUnknown).toBe(state === 'failed' ? true : undefined);
  });

  it('is answered from documents where the tables fail; nothing at all is a failed turn', async () => {
    const run = (): Promise<never> => Promise.reject(new Error('too slow'));
    const found = {
      passages: [passage('Education fell in 2021 because schools were closed.')],
      terms: [],
      absent: [],
      corrected: [],
    };
    const turn = await retrieve(
      asked('Why did education fall in 2021?'),
      port({ run, passages: () => Promise.resolve(found) }),
    );
    expect([turn.evidence.primary, turn.evidence.tablesUnknown, stateOf(turn, 'tables')]).toEqual([
      null,
      true,
      'failed',
    ]);
    await expect(retrieve(asked('Why did education fall in 2021?'), port({ run }))).rejects.toThrow('too slow');
  });
});

describe('what was said', () => {
  const text = async (question: string, messages: RetrievalPort['messages']): Promise<string> =>
    compose(visualize(analyze(await retrieve(asked(question), port({ messages }))))).text;

  it('is quoted literally, with when and where', async () => {
    const found = [
      message('We need a bigger boat. My budget for it is 12,500 euros.\nAnd a crew.'),
      message('The weather is fine, says my sister.'),
    ];
    const said = await text('What did I say about my budget?', () => Promise.resolve(found));
    expect(said).toBe('On 3 March 2026, in another conversation, you said: “My budget for it is 12,500 euros.”');
  });

  it('is by whom, and of when it is asked for', async () => {
    const found = [
      message('Your budget is 12 euros.', { role: 'assistant' }),
      message('My budget is 13 euros.', { at: '2026-11-26T09:00:00.000Z', isHere: true }),
      message('My budget is 14 euros.'),
    ];
    const yesterday = await text('What did I say yesterday about my budget?', () => Promise.resolve(found));
    expect(yesterday).toBe('On 26 November 2026, in this conversation, you said: “My budget is 13 euros.”');
    const told = await text('What did you say about my budget?', () => Promise.resolve(found));
    expect(told).toContain('the answer was: “Your budget is 12 euros.”');
  });

  it('is never made up', async () => {
    const none = await text('What did I say about my budget?', () => Promise.resolve([message('I like boats.')]));
    expect(none).toBe('I find nothing that you said about “my budget”.');
    const nothing = await text('What did I say about it?', () => Promise.resolve([message('I like boats.')]));
    expect(nothing).toBe('I find nothing that you said about “it”.');
    const unknown = await text('What did I say about my budget?', () => Promise.reject(new Error('gone')));
    expect(unknown).toContain('could not be searched just now');
  });

  it('of a decision needs what it was about, and no word for its kind', async () => {
    const found = [message('I have a date tonight.'), message('We launch on 3 May.')];
    const said = await text('What did we decide on the launch date?', () => Promise.resolve(found));
    expect(said).toContain('“We launch on 3 May.”');
    expect(said).not.toContain('tonight');
  });
});
