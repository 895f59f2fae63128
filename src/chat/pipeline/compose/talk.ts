import type { ColumnProfile, DatasetProfile } from '../../../datasets/profile.js';
import type { Refusal, Visualized } from '../turn.js';
import { inEnglish } from '../understand/languages/in-english.js';
import { listed, lowerFirst, plural, sentence } from '../words/language.js';
import { formatNumber, WHOLE } from '../words/numbers.js';

const MOST_COLUMNS = 6;
const MOST_SUGGESTIONS = 3;
const MOST_DATASETS = 3;

const bullets = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');
const names = (columns: readonly ColumnProfile[]): string =>
  listed(columns.slice(0, MOST_COLUMNS).map(({ label }) => lowerFirst(label)));

/** Why there is no answer, and what can be asked instead. */
export function refusalText({ reason, suggestions }: Refusal): string {
  const some = suggestions.slice(0, MOST_SUGGESTIONS);
  return some.length === 0 ? sentence(reason) : `${sentence(reason)}\n\nYou could ask:\n${bullets(some)}`;
}

/** What a data set holds, in a sentence: rows, measures, what they can be told by, and the time it spans. */
export function aboutDataset(profile: DatasetProfile): string {
  const of = (role: ColumnProfile['role']): ColumnProfile[] => profile.columns.filter((column) => column.role === role);
  const [measures, dimensions, times] = [of('measure'), of('dimension'), of('temporal')];
  const [time] = times;
  const rows = `${formatNumber(profile.rowCount, WHOLE)} ${profile.rowCount === 1 ? 'row' : 'rows'}`;
  const parts = [
    measures.length > 0 ? `with ${names(measures)}` : '',
    dimensions.length > 0 ? `by ${names(dimensions)}` : '',
    time !== undefined && time.min !== null && time.max !== null ? `from ${day(time.min)} to ${day(time.max)}` : '',
  ].filter(Boolean);
  return `**${profile.title}**: ${[rows, ...parts].join(', ')}`;
}

const day = (value: string | number | boolean): string => String(value).slice(0, 10);

/** What can be asked: the data, and questions that work. */
export function helpText({ datasets, persona }: Visualized): string {
  const questions = persona.starterQuestions.slice(0, MOST_SUGGESTIONS);
  if (datasets.length === 0)
    return `I am ${persona.displayName}. I answer questions about tables, but there is none yet: upload a CSV file as a data set, then ask about its columns.`;
  const more = datasets.length - MOST_DATASETS;
  const known = datasets.slice(0, MOST_DATASETS).map(aboutDataset);
  return [
    `I am ${persona.displayName}. I answer questions from data, and show the figures behind each answer. There is:`,
    bullets(more > 0 ? [...known, `and ${formatNumber(more, WHOLE)} more`] : known),
    `You can ask for values, averages and totals, comparisons, rankings, shares, trends and correlations, then go on from the answer (“and in an earlier year?”, “only the lowest”, “as a pie chart”).`,
    ...(questions.length > 0 ? [`For example:\n${bullets(questions)}`] : []),
  ].join('\n\n');
}

/** A greeting or thanks is answered in a line, with the way on. */
export function smallTalkText(turn: Visualized): string {
  const { datasets, persona } = turn;
  const { question } = inEnglish(turn).turn;
  const [first] = datasets;
  const [starter] = persona.starterQuestions;
  const about =
    first === undefined
      ? 'Upload a data set and ask about it.'
      : `Ask me about ${listed(datasets.slice(0, MOST_DATASETS).map(({ title }) => title))}.`;
  const thanks = /\b(?:thanks?|thank you|thx|cheers|great|perfect|nice)\b/i.test(question);
  const leaving = /\b(?:bye|goodbye|see you|good night)\b/i.test(question);
  if (leaving) return 'Goodbye. This conversation stays here for when you come back.';
  if (thanks) return 'You are welcome. Ask on whenever you like.';
  const example = starter === undefined ? '' : ` For example: “${starter}”`;
  return `Hello, I am ${persona.displayName}. ${about}${example}`;
}

/** Understood to be a question, but of no kind that this engine answers. */
export function unknownText(turn: Visualized): string {
  const { datasets, persona } = turn;
  const [first] = datasets;
  const some = persona.starterQuestions.slice(0, MOST_SUGGESTIONS);
  const columns =
    first === undefined ? '' : ` ${first.title} can be asked about its ${plural('column')}: ${names(first.columns)}.`;
  return refusalText({
    code: 'unclear',
    reason: `I did not understand that as a question about the data.${columns}`,
    suggestions: some,
  });
}
