/** Characters of the last message that a list shows. */
export const PREVIEW_LENGTH = 120;

/** SQL: what a list shows of a text. */
export const previewOf = (content: string): string =>
  `left(regexp_replace(${content}, '\\s+', ' ', 'g'), ${PREVIEW_LENGTH})`;
