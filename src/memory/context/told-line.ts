import { excerpt } from '../../common/excerpt.js';
import { quoted } from '../facts/render-facts.js';
import { excerptAround } from '../../text/excerpt-around.js';
import type { Told } from './recalled.store.js';

/** UTF-16 units: of what was found, around the question's words; and of the other half of its turn. */
const FOUND = 400;
const OTHER = 200;

/**
 * A message of the past as one line of a prompt: when, where, who, and the words quoted as data. A question comes with the
 * answer that was worked out for it, and an answer with its question: neither means much alone.
 * @param conversationId the one that is being held, in which nothing needs to be said of where
 * @param stems of the question
 */
export function toldLine(told: Told, conversationId: string, stems: ReadonlySet<string>): string {
  const { role, author, createdAt, question, answer } = told;
  const found = quoted(excerptAround(told.content, stems, FOUND).text);
  const when = createdAt.toISOString().slice(0, 10);
  const where = told.conversationId === conversationId ? '' : `, in ${nameOf(told.conversationTitle)}`;
  const who = author !== null ? `${quoted(excerpt(author, 100))} said` : `the ${role} said`;
  if (question !== null) return `${when}${where}, asked ${brief(question)}, the assistant said: ${found}`;
  const answered = answer === null ? '' : `; it was answered: ${brief(answer)}`;
  return `${when}${where}, ${who}: ${found}${answered}`;
}

const brief = (text: string): string => quoted(excerpt(text, OTHER));

const nameOf = (title: string | null): string =>
  title === null ? 'another conversation' : `another conversation (${quoted(excerpt(title, 60))})`;
