/** A piece of a document as its author made it: a heading, a paragraph, a list's item, a table. */
export interface Block {
  readonly kind: 'heading' | 'text' | 'table' | 'code';
  /** Of a heading, 1 to 6. */
  readonly level?: number | undefined;
  /** Not empty, without white space around it. Rows of a table and lines of code are lines. */
  readonly text: string;
  /** From 1; null where the format knows no pages. */
  readonly page: number | null;
}

export interface Blocks {
  /** What the document calls itself; null: it does not say. */
  readonly title: string | null;
  /** null where the format knows no pages. */
  readonly pages: number | null;
  readonly blocks: readonly Block[];
}

/** What can be stored and shown: whole characters, and none that only steer a terminal. */
export const storable = (text: string): string =>
  text.toWellFormed().replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/g, '');

/** One line. */
export const oneLine = (text: string): string => storable(text).replaceAll(/\s+/g, ' ').trim();
