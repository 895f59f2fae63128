import { excerpt } from '../common/excerpt.js';

/** Characters of the last message that a list shows. */
export const PREVIEW_LENGTH = 120;

/** SQL: what a list shows of a text. */
export const previewOf = (content: string): string =>
  `left(regexp_replace(${content}, '\\s+', ' ', 'g'), ${PREVIEW_LENGTH})`;

/** Characters of a title that is made of a text. */
const TITLE_LENGTH = 50;

/** The title that a first text makes; null: it makes none. */
export const titleOf = (content: string | null): string | null =>
  content === null ? null : excerpt(content, TITLE_LENGTH) || null;
