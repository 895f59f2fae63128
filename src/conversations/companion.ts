/**
 * A write of another folder that belongs to an append and goes with it in one statement, so that both cost one round trip:
 * a data-modifying query that reads `FROM target` (no row where nothing was appended). It may use `$1` the owner,
 * `$2` the conversation, `$5` the last message's id, and its own `values`.
 *
 * As the guard of a message that is being settled it comes first instead: the message is written when it gives a row. It
 * reads `FROM target`, too, and may use `$1`, `$2` and its own `values` only. What is written beside that message reads
 * `FROM m` instead, the message (its `id`, `parent_id`, `active`, `created_at`), and may use its number `$3`, too.
 */
export interface Companion {
  /** Constant text; `first` is the number of its first own parameter. */
  readonly text: (first: number) => string;
  readonly values: readonly unknown[];
}
