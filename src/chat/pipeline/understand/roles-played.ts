import type { DatasetProfile, JoinedDataset } from '../../../datasets/profile.js';
import type { Match } from './cover.js';
import { type Token, wordsOf } from './tokens.js';

/** How far before a name the word may stand that tells which one is meant: "to the city of Oslo". */
const NEAR = 3;

interface Role {
  readonly join: string;
  /** Words of the column that leads there which those of the others have not: `from` and `to` of `from_city`, `to_city`. */
  readonly words: readonly string[];
}

const known = new WeakMap<DatasetProfile, readonly (readonly Role[])[]>();

/** Joins that lead to the same data set by several columns, each group with what tells them apart. */
function rolesOf(profile: DatasetProfile): readonly (readonly Role[])[] {
  const before = known.get(profile);
  if (before !== undefined) return before;
  const groups = new Map<string, JoinedDataset[]>();
  for (const join of profile.joined ?? []) {
    const key = `${join.profile.id} ${join.name.split('.').slice(0, -1).join('.')}`;
    groups.set(key, [...(groups.get(key) ?? []), join]);
  }
  const roles = [...groups.values()]
    .filter(({ length }) => length > 1)
    .map((joins) => {
      const words = joins.map(({ left }) => wordsOf(left));
      return joins.map(({ name }, at): Role => ({
        join: name,
        words: (words[at] ?? []).filter((word) => !words.every((others) => others.includes(word))),
      }));
    });
  known.set(profile, roles);
  return roles;
}

/** Whether it was left open which of several roles is meant. */
export const isRoleOpen = (profile: DatasetProfile, join: string, tokens: readonly Token[]): boolean =>
  rolesOf(profile).some((roles) => roles.some((role) => role.join === join) && saidIn(roles, tokens).length !== 1);

const saidIn = (roles: readonly Role[], tokens: readonly Token[]): Role[] =>
  roles.filter(({ words }) => words.length > 0 && words.every((word) => tokens.some(({ lower }) => lower === word)));

/** "Flights to Peru": of the same value in two roles, the one whose word stands before it, or anywhere in the question. */
export function inRole(matches: readonly Match[], tokens: readonly Token[], profile: DatasetProfile): readonly Match[] {
  const groups = rolesOf(profile);
  if (groups.length === 0) return matches;
  return matches.filter(({ column, from, to }) => {
    const join = column.origin?.join;
    const roles = groups.find((group) => group.some((role) => role.join === join));
    if (roles === undefined) return true;
    const near = saidIn(roles, tokens.slice(Math.max(0, from - NEAR), to));
    const said = near.length === 1 ? near : saidIn(roles, tokens);
    return said.length !== 1 || said[0]?.join === join;
  });
}
