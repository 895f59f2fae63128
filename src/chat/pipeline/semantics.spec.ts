import { describe, expect, it } from '@jest/globals';
import { Talk } from '../../../test/support/talk.js';
import { aTable, type Table } from '../../../test/support/turn.js';
import { changeColumns, type ColumnChange } from '../../datasets/change-columns.js';

/** Runners and what they did: nothing in the names tells what they mean. */
const runs = aTable(
  {
    club: { type: 'text', role: 'dimension' },
    year: { type: 'integer', role: 'temporal', decimals: 0 },
    t1: { type: 'number', role: 'measure' },
    v2: { type: 'number', role: 'measure' },
  },
  [
    ['Ash', 2023, 61.25, 1_000_000],
    ['Ash', 2024, 59.25, 3_500_000],
    ['Birch', 2023, 71.5, 2_000_000],
    ['Birch', 2024, 70.5, 2_500_000],
    ['Cedar', 2023, 66, 1_500_000],
    ['Cedar', 2024, 66, 1_000_000],
  ],
  { title: 'Runs', name: 'runs' },
);

function said({ rows, profile }: Table, ...changes: readonly ColumnChange[]): Talk {
  return new Talk({ rows, profile: { ...profile, columns: changeColumns(profile.columns, changes) } });
}

describe('what the owner says of a column', () => {
  it('is how answers and charts call it, and what questions may call it', async () => {
    const done = await said(runs, { name: 't1', label: 'Lap time', unit: 'seconds', synonyms: ['pace'] }).ask(
      'average pace by club',
    );
    expect(done.evidence.primary?.rows).toEqual([
      ['Ash', 60.25],
      ['Birch', 71],
      ['Cedar', 66],
    ]);
    expect(done.text).toContain('Average lap time by club');
    expect(done.text).toContain('**60.25 seconds**');
    expect(JSON.stringify(done.visualization?.spec)).toContain('"Average lap time (seconds)"');
  });

  it('turns best and worst around where lower is better', async () => {
    const better = { name: 't1', label: 'Lap time', higherIsBetter: false } as const;
    for (const [question, name] of [
      ['which club has the best lap time?', 'Ash'],
      ['which club has the worst lap time?', 'Birch'],
      ['which club has the highest lap time?', 'Birch'],
    ] as const) {
      expect([question, (await said(runs, better).ask(question)).evidence.primary?.rows[0]?.[0]]).toEqual([
        question,
        name,
      ]);
    }
    const talk = said(runs, better);
    await talk.ask('average lap time by club');
    expect((await talk.ask('which one is the best?')).text).toContain('Ash');
    expect(await said(runs, better).text('lap time by club')).toContain('Ash lowest (best)');
    const higher = said(runs, { ...better, higherIsBetter: true });
    expect((await higher.ask('which club has the best lap time?')).evidence.primary?.rows[0]?.[0]).toBe('Birch');
  });

  it('fixes how its numbers are written', async () => {
    const text = await said(runs, {
      name: 'v2',
      label: 'Prize',
      unit: '€',
      defaultAggregate: 'sum',
      format: { decimals: 2, compact: true },
    }).ask('total prize by club');
    expect(text.text).toContain('**€4.50 million**');
    const plain = said(runs, { name: 't1', label: 'Lap time', format: { decimals: 0 } });
    const done = await plain.ask('average lap time by club');
    expect(done.text).toContain('**60**');
    expect(JSON.stringify(done.visualization?.spec)).toContain('",.0f"');
  });

  it('says what several rows of it come to, and what it is', async () => {
    const talk = said(runs, {
      name: 't1',
      label: 'Lap time',
      defaultAggregate: 'min',
      description: 'Fastest of 3 laps.',
    });
    const done = await talk.ask('lap time of Ash');
    expect(done.answer).toBe(59.25);
    expect(done.text).toContain('How I read it: Lap time (Fastest of 3 laps), at its lowest over the rows that fit.');
  });

  it('decides by its role what it is for', async () => {
    const shown = async (talk: Talk): Promise<readonly string[]> =>
      (await talk.ask('show t1 by club')).evidence.primary?.columns.map(({ name }) => name) ?? [];
    expect(await shown(said(runs))).toContain('avg_t1');
    expect(await shown(said(runs, { name: 't1', role: 'identifier' }))).not.toContain('avg_t1');
  });
});

describe('a change of a column', () => {
  const refused = (change: ColumnChange, code: string, path: string): void =>
    expect(() => changeColumns(runs.profile.columns, [change])).toThrow(
      expect.objectContaining({ status: 422, code, extra: { errors: [expect.objectContaining({ path })] } }),
    );

  it('that cannot be is refused', () => {
    refused({ name: 'nothing' }, 'column_unknown', 'columns.0.name');
    refused({ name: 'club', role: 'measure' }, 'column_role_unfit', 'columns.0.role');
    refused({ name: 'club', format: { decimals: 1 } }, 'column_format_unfit', 'columns.0.format');
    refused({ name: 't1', synonyms: ['prize', 'CLUB'] }, 'synonym_taken', 'columns.0.synonyms');
  });

  it('keeps synonyms clean', () => {
    const [, , t1] = changeColumns(runs.profile.columns, [{ name: 't1', synonyms: [' pace', 'pace', ' '] }]);
    expect([t1?.synonyms, t1?.edited]).toEqual([['pace'], ['synonyms']]);
  });
});
