import { Injectable } from '@nestjs/common';
import type { Actor } from '../../common/actor.js';
import { type DatasetProfile, isElsewhere } from '../profile.js';
import { isUnique, RelationMeasures } from './relation-measures.service.js';
import type { Measures } from './relation.entity.js';
import { type RelationRow, RelationsStore } from './relations.store.js';

/** Relations whose data sets have other rows by now. */
@Injectable()
export class RelationChecks {
  constructor(
    private readonly store: RelationsStore,
    private readonly measures: RelationMeasures,
  ) {}

  /**
   * The relation as the rows are now, and as it is kept from now on: one that was confirmed and cannot be joined any more is only
   * suggested, with the reason. The same object when nothing has changed.
   */
  async checked(actor: Actor, relation: RelationRow, from: DatasetProfile, to: DatasetProfile): Promise<RelationRow> {
    const { measures: before } = relation;
    if (before.fromRowsId === (from.rowsId ?? from.id) && before.toRowsId === (to.rowsId ?? to.id)) return relation;
    const { reason, measures, isCounted } = await this.now(relation, from, to);
    const state = {
      name: relation.name,
      status: reason !== null && relation.status === 'confirmed' ? 'suggested' : relation.status,
      measures,
      reason,
    } as const;
    // What could not be counted is not used, and nothing is said of it for good.
    if (isCounted) await this.store.update(relation.shared ? null : actor.id, relation, state);
    return { ...relation, ...state };
  }

  private async now(
    { fromColumn, toColumn, measures: before }: RelationRow,
    from: DatasetProfile,
    to: DatasetProfile,
  ): Promise<{ readonly reason: string | null; readonly measures: Measures; readonly isCounted: boolean }> {
    const missing = reasonAgainst(from, fromColumn, to, toColumn);
    const rows = { fromRowsId: from.rowsId ?? from.id, toRowsId: to.rowsId ?? to.id };
    // Nothing was counted: it is not unique until it was.
    const unknown = { ...before, ...rows, keys: 0, keysDistinct: 0, matched: 0, valuesFound: 0 };
    if (missing !== null) return { reason: missing, measures: unknown, isCounted: true };
    try {
      const measures = await this.measures.of(from, fromColumn, to, toColumn, before.names);
      return { measures, reason: isUnique(measures) ? null : notUnique(to, toColumn, measures), isCounted: true };
    } catch {
      return { reason: 'Whether it holds could not be counted just now.', measures: unknown, isCounted: false };
    }
  }
}

/** Why these columns cannot lead from one data set to the other; null when they can. */
export function reasonAgainst(
  from: DatasetProfile,
  fromColumn: string,
  to: DatasetProfile,
  toColumn: string,
): string | null {
  const left = from.columns.find(({ name }) => name === fromColumn);
  const right = to.columns.find(({ name }) => name === toColumn);
  if (left === undefined) return `${from.title} has no column “${fromColumn}”.`;
  if (right === undefined) return `${to.title} has no column “${toColumn}”.`;
  for (const { title } of [from, to].filter(isElsewhere)) {
    return `The rows of ${title} are in an external source; they cannot be joined with others.`;
  }
  for (const { name } of [left, right].filter(({ computed }) => computed !== undefined)) {
    return `“${name}” is worked out of other columns; it names no rows.`;
  }
  if (left.type !== right.type) return `“${fromColumn}” is ${left.type} and “${toColumn}” is ${right.type}.`;
  return null;
}

/** Why rows would be multiplied. */
export const notUnique = (to: DatasetProfile, column: string, { keys, keysDistinct }: Measures): string =>
  keys === 0
    ? `“${column}” of ${to.title} has no values.`
    : `“${column}” of ${to.title} does not tell its rows apart: ${keys} rows have ${keysDistinct} different values.`;
