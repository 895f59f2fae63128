import { excerpt } from '../../common/excerpt.js';
import { quoted } from '../facts/render-facts.js';

const LONGEST_ANSWER = 300;
const LONGEST_QUESTION = 200;

/** The first paragraph of an answer, without its emphasis. */
export const shortAnswer = (content: string): string =>
  excerpt(content.split(/\n\s*\n/, 1)[0]?.replaceAll('**', '') ?? '', LONGEST_ANSWER);

/** `2026-03-03, asked "Show me education in 2024": "The average score for Education in 2024 is 51.9 points."` */
export function resultLine({
  answeredAt,
  question,
  content,
}: {
  readonly answeredAt: Date;
  readonly question: string | null;
  readonly content: string;
}): string {
  const asked = question === null ? '' : `, asked ${quoted(excerpt(question, LONGEST_QUESTION))}`;
  return `${answeredAt.toISOString().slice(0, 10)}${asked}: ${quoted(shortAnswer(content))}`;
}
