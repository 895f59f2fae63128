export class LiveView {
  /** @example "ok" */
  status: 'ok';
}

export class ReadyView {
  /** @example "ok" */
  status: 'ok';
  /** How long the database took to answer, in milliseconds.
   * @example 1 */
  databaseMs: number;
  /** The last migration that ran.
   * @example "Accounts1763700000001" */
  migration: string | null;
}
