import { describe, expect, it } from '@jest/globals';
import { aTable, aTurn, portOf } from '../../../test/support/turn.js';
import { PipelineError, runPipeline } from './run-pipeline.js';
import type { Asked } from './turn.js';

const table = aTable(
  { colour: { type: 'text', role: 'dimension' }, price: { type: 'number', role: 'measure' } },
  [
    ['red', 1.5],
    ['red', 2.5],
    ['blue', 4.5],
    ['blue', 5.5],
    ['green', 3.5],
    ['green', 6.5],
  ],
  { title: 'Pencils' },
);
const { understanding: _, ...turn } = aTurn(table, null);
const asked: Asked = { ...turn, question: 'What is the average price by colour?' };

describe('a turn', () => {
  it('goes from the question to the answer, telling each step', async () => {
    const steps: string[] = [];
    const done = await runPipeline(asked, portOf(table), {
      onStep: (name, phase) => steps.push(`${name} ${phase}`),
    });
    expect(done.evidence.primary?.rows.toSorted()).toEqual([
      ['blue', 5],
      ['green', 5],
      ['red', 2],
    ]);
    expect(done.text).toContain('red **2.0**');
    expect(done.visualization?.title).toBe('Average price by colour');
    expect(steps).toEqual(
      ['intent', 'retrieval', 'analysis', 'visualization'].flatMap((name) => [`${name} started`, `${name} completed`]),
    );
    for (const ms of Object.values(done.timings)) expect(ms).toBeGreaterThanOrEqual(0);
  });

  it('gives steps that can be sent as JSON', async () => {
    const details: unknown[] = [];
    await runPipeline(asked, portOf(table), {
      onStep: (_name, _phase, detail) => details.push(detail),
    });
    expect(JSON.parse(JSON.stringify(details))).toHaveLength(8);
  });

  it('says which layer failed, and why to the log only', async () => {
    const cause = new Error('the disk is full');
    const failed = await runPipeline(asked, { run: () => Promise.reject(cause) }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(PipelineError);
    expect(failed).toMatchObject({ layer: 'retrieval', cause, message: 'The retrieval layer failed.' });
  });

  it('ends before its next layer when it is told to', async () => {
    const leaving = new AbortController();
    const stopped = runPipeline(asked, portOf(table), {
      onStep: (name, phase) => (name === 'intent' && phase === 'completed' ? leaving.abort('enough') : undefined),
      signal: leaving.signal,
    });
    await expect(stopped).rejects.toBe('enough');
  });
});
