import { wordsOf } from '../csv/words.js';
import type { DatasetProfile } from '../profile.js';
import type { RelationRow } from './relations.store.js';

/** What a relation may be called: no dot, which stands between it and a column's name. */
export const RELATION_NAME = /^[\p{L}_][\p{L}\p{N}_]{0,59}$/u;

/**
 * What the related data set is called by the first one: by its name; by the column that leads there (`ship_country`) where that is
 * taken, or where there are `several` such columns; else numbered.
 */
export function nameFor(
  from: DatasetProfile,
  to: DatasetProfile,
  column: string,
  before: readonly Pick<RelationRow, 'fromId' | 'name'>[],
  several = false,
): string {
  const taken = (name: string): boolean =>
    before.some((each) => each.fromId === from.id && each.name === name) ||
    from.columns.some((own) => own.name.toLowerCase().startsWith(`${name}.`));
  const words = wordsOf(column).filter((word) => !/^(?:id|ids|key|code|fk|no|nr)$/.test(word));
  const role = words.join('_').slice(0, 60);
  const [first = 'related', ...others] = (several ? [role, to.name] : [to.name, role])
    .map(plain)
    .filter((name) => RELATION_NAME.test(name));
  const free = [first, ...others].find((name) => !taken(name));
  if (free !== undefined) return free;
  for (let n = 2; ; n++) if (!taken(`${first}_${n}`)) return `${first}_${n}`;
}

const plain = (name: string): string => {
  const bare = name.replace(/[^\p{L}\p{N}_]+/gu, '_').slice(0, 57);
  return /^\p{N}/u.test(bare) ? `t_${bare}` : bare;
};
