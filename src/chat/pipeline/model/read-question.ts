import type { ColumnProfile, DatasetProfile } from '../../../datasets/profile.js';
import type { AnalyticalQuery } from '../../../datasets/query/analytical-query.js';
import type { ModelMessage } from '../../../llm/language-model.js';
import type { Understanding, Understood } from '../turn.js';
import { analyticalQuery, askable, PLAIN_QUERY_JSON, plainQuery, type PlainQuery, QueryFault } from './plain-query.js';
import { isLate, type Ledger, type Speaker, timeFor } from './speaker.js';

/** Below this the rules are too unsure of their reading to go without a second opinion. */
const SURE = 0.5;
/** How sure a reading by the model is held to be: it fits the data, which does not make it right. */
const MODEL_CONFIDENCE = 0.7;
const MOST_DATASETS = 3;
const MOST_VALUES = 30;
const MOST_PAST = 2;

const RULES = `You translate a question about data into a query. Answer with one JSON object of the given form and nothing else.
- Use only the data sets and columns listed, spelled exactly as there. Filter values are spelled as in the data.
- "measures" are what is asked for; "groupBy" is what they are asked for by; "filters" narrow the rows.
- A question that follows up ("and in 2020?", "only Asia") changes the query before it.
- When the data sets cannot answer, set "answerable" to false, "datasetId" to null, "orderBy" and "limit" to null, and leave the lists empty.`;

/** Whether the rules need help with this question. */
const isUnsure = ({ query, intent, refusal, study }: Understanding): boolean =>
  refusal !== null
    ? ['not_in_data', 'unclear', 'needs_model'].includes(refusal.code)
    : query === null
      ? intent.kind === 'unknown'
      : study === undefined && intent.confidence < SURE;

/**
 * What the rules could not read, read by the model: held to a form, checked against the data set's columns, mended once.
 * Where that fails, or the model says that the data cannot answer, the rules' result stands.
 */
export async function readByModel(
  turn: Understood,
  speaker: Speaker,
  ledger: Ledger,
  signal: AbortSignal,
): Promise<Understood> {
  if (!isUnsure(turn.understanding) || turn.datasets.length === 0 || isLate(speaker)) return turn;
  const datasets = turn.datasets.slice(0, MOST_DATASETS);
  const messages: ModelMessage[] = [
    { role: 'system', content: RULES },
    { role: 'user', content: asked(turn, datasets) },
  ];
  for (const attempt of [1, 2]) {
    try {
      const { value, usage, text } = await speaker.model.structured<PlainQuery>(
        { messages, temperature: 0, signal, timeoutMs: timeFor(speaker, 0.4) },
        { name: 'query', jsonSchema: PLAIN_QUERY_JSON, parse: (given) => plainQuery.parse(given) },
      );
      ledger.called(usage);
      if (!value.answerable) return turn;
      const read = queryOf(value, datasets);
      if (typeof read !== 'string') {
        ledger.reading = 'model';
        return { ...turn, understanding: understood(turn.understanding, value, read) };
      }
      ledger.note = 'The language model asked for something that the data does not have.';
      if (attempt === 1) {
        messages.push(
          { role: 'assistant', content: text },
          { role: 'user', content: `That query cannot be run: ${read}. Give the whole object again, mended.` },
        );
      }
    } catch (error) {
      ledger.failed(error, signal);
      return turn;
    }
  }
  return turn;
}

/** The query, or what is wrong with it. */
function queryOf(plain: PlainQuery, datasets: readonly DatasetProfile[]): AnalyticalQuery | string {
  try {
    return analyticalQuery(plain, datasets);
  } catch (error) {
    if (error instanceof QueryFault) return error.message;
    throw error;
  }
}

const understood = (rules: Understanding, plain: PlainQuery, query: AnalyticalQuery): Understanding => ({
  ...rules,
  intent: { kind: plain.intent, confidence: MODEL_CONFIDENCE },
  query,
  chart: null,
  expects: plain.groupBy.length > 0 ? 'table' : plain.measures.length === 1 ? 'value' : 'values',
  reading: null,
  edits: [],
  refusal: null,
});

function asked({ question, askedAt, history }: Understood, datasets: readonly DatasetProfile[]): string {
  const past = history
    .filter(({ understanding }) => understanding?.query)
    .slice(-MOST_PAST)
    .map((turn) => `Earlier question: ${turn.question}\nIts query: ${JSON.stringify(turn.understanding?.query)}`);
  return [
    ...datasets.map(described),
    ...past,
    `Today is ${askedAt.toISOString().slice(0, 10)}.`,
    `The form, as JSON Schema: ${JSON.stringify(PLAIN_QUERY_JSON)}`,
    `Question: ${question}`,
  ].join('\n\n');
}

const described = (profile: DatasetProfile): string => {
  const { id, title, description, rowCount } = profile;
  return [
    `Data set ${id}: ${title}, ${rowCount} rows.${description === null ? '' : ` ${description}`}`,
    ...askable(profile).map(columnLine),
  ].join('\n');
};

function columnLine({
  name,
  type,
  role,
  unit,
  values,
  min,
  max,
  synonyms,
  description,
  computed,
}: ColumnProfile): string {
  const known =
    values === null
      ? min === null
        ? ''
        : `, from ${String(min)} to ${String(max)}`
      : `, such as ${values.slice(0, MOST_VALUES).join(' | ')}`;
  const also = synonyms.length === 0 ? '' : `, also called ${synonyms.join(', ')}`;
  const about = (description ?? '') === '' ? '' : `, ${description}`;
  const made = computed === undefined ? '' : `, worked out as ${computed.formula}`;
  return `- ${JSON.stringify(name)}: ${type}, ${role}${unit === null ? '' : `, in ${unit}`}${also}${known}${about}${made}`;
}
