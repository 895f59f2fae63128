import type { Candidate, Context, Reader } from '../reader.js';
import { fold } from '../tokens.js';
import type { Entity, Reference } from '../../turn.js';
import { arithmetic } from './arithmetic.js';
import { cellQuery, pastValue, valueQuery, yearOfCell, type Cell, type PastValue } from './cell.js';
import { gridOf, yearsIn, type Grid } from './grid.js';
import type { Ask } from './operands.js';
import type { Reading } from './reading.js';

/** Questions about cells of a table of records, and arithmetic over them and over earlier answers. */
export const readRecords: Reader = (context) => {
  const grid = gridOf(context.profile);
  if (!grid || OTHER_QUESTION.test(context.asked.question)) return [];
  const reading = arithmetic(askOf(context, grid));
  return reading ? [candidate(context, grid, reading)] : [];
};

/** Pictures, extremes and rows that are sought rather than named are for other readers. */
const OTHER_QUESTION =
  /\b(chart|graph|plot|histogram|scatter|visuali[sz]e|bar|pie|draw|which|who|whom|whose|most|least|highest|lowest|largest|smallest|fewest|greatest|biggest|longest|shortest|top|best|worst|previous to|next|listed|how many \w+ (had|have|has|are|were|is|was|won))\b/i;

function askOf(context: Context, grid: Grid): Ask {
  const past: PastValue[] = [];
  for (const turn of context.asked.history) {
    const query = turn.understanding?.query;
    const value = query && query.datasetId === grid.profile.id ? pastValue(grid, query, turn.messageId) : null;
    if (value) past.push(value);
  }
  const question = fold(context.asked.question);
  const years = yearsIn(question);
  const last = past.at(-1)?.cells.at(-1) ?? null;
  return {
    grid,
    question: context.asked.question,
    tokens: context.tokens,
    past,
    years,
    year: years.length === 1 ? (years[0] ?? null) : null,
    context: last,
  };
}

function candidate(context: Context, grid: Grid, reading: Reading): Candidate {
  const query = reading.cell ? cellQuery(grid, reading.cell) : valueQuery(grid, reading.value, reading.as);
  const score = 0.3 + 0.65 * reading.explained * (0.6 + 0.4 * reading.clear);
  return {
    score,
    understanding: {
      intent: { kind: reading.kind, confidence: score },
      language: 'en',
      entities: reading.cells.flatMap((cell) => entitiesOf(context, cell)),
      references: reading.pointed.map((past) => reference(past)),
      query,
      chart: null,
      expects: 'value',
      reading: reading.note,
      edits: [],
      refusal: null,
    },
  };
}

/** The words of the question that name the cell's row and column. */
function entitiesOf(context: Context, cell: Cell): readonly Entity[] {
  const entities: Entity[] = [];
  for (const line of [cell.row, cell.column]) {
    const year = yearOfCell(cell);
    const token = context.tokens.find(
      (word) => line.words.has(word.stem) || (line.years.length > 0 && word.lower === String(year)),
    );
    if (!token) continue;
    entities.push({
      text: token.text,
      start: token.start,
      end: token.end,
      kind: line === cell.row ? 'value' : 'column',
      column: line.column.name,
      ...(line === cell.row ? { value: line.key } : {}),
      score: 0.9,
    });
  }
  return entities;
}

function reference(past: PastValue): Reference {
  const names = past.cells.map((cell) => `${String(cell.row.key)}, ${cell.column.column.label}`);
  const meaning = past.kind === 'cell' ? (names[0] ?? '') : `${past.kind} of ${names.join(' and ')}`;
  return { text: 'earlier answer', messageId: past.messageId, meaning };
}
