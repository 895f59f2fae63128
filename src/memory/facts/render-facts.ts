import type { FactRow } from './facts.store.js';

/**
 * A fact as a line of a prompt: quoted as JSON, so that whatever it says it cannot end its line or look like anything but a
 * quotation. An instruction in it stays what somebody said.
 */
export const factLine = ({ kind, statement, validFrom }: Pick<FactRow, 'kind' | 'statement' | 'validFrom'>): string =>
  `${kind}, said on ${validFrom.toISOString().slice(0, 10)}: ${quoted(statement)}`;

/** Text of a user as data in a prompt. JSON leaves the line separators of Unicode as they are, and `<`, which begins the marks that models are trained on. */
export const quoted = (text: string): string =>
  JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028\u2029<>]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
