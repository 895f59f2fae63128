import type { Level } from './levels.service.js';

export class LevelView {
  /** @example "country" */
  column: string;
  /** The next coarser column.
   * @example "region" */
  parent: string;
  /** confirmed: said by the owner (`parent` of the column) · suggested: it is so in the rows.
   * @example "suggested" */
  status: 'confirmed' | 'suggested';
  /** Whether each value of the column has one value of the parent at most, in the rows as they are.
   * @example true */
  holds: boolean;

  static of(this: void, { column, parent, status, holds }: Level): LevelView {
    return { column: column.name, parent: parent.name, status, holds };
  }
}

export class LevelsView {
  data: LevelView[];
}
