import { createHash } from 'node:crypto';
import type { Scalar } from '../../common/scalar.js';
import type { AnalyticalQuery, Condition, Expression, Subquery } from '../../datasets/query/analytical-query.js';
import { meaningOf } from '../../datasets/query/meaning.js';
import type { TermKeys } from '../../text/hashes.js';
import { type Dictionary, read, stemsOf } from '../../text/words.js';

/** A piece of a question that was recognised, as far as results care. */
export interface NamedEntity {
  readonly kind: string;
  readonly text: string;
  readonly column?: string | undefined;
  readonly value?: Scalar | undefined;
}

/** More of either are not looked at: nobody names so many, a query over a thousand values does. */
const MOST_ENTITIES = 40;
const MOST_TERMS = 60;
const MARK = 4;

/** `sector=education` for a value, `score` for a column. */
export function entityName({ kind, column, value, text }: NamedEntity): string | null {
  if (kind === 'value' || kind === 'time') return `${column ?? ''}=${String(value ?? text).toLowerCase()}`;
  return kind === 'column' && column !== undefined ? column : null;
}

/**
 * What a question is about: its columns and values as they were recognised, then those that its query resolves them to, so
 * that "and in 2020?" is about education, too, where education was asked about before.
 */
export function entitiesOf(query: AnalyticalQuery | null, named: readonly NamedEntity[]): string[] {
  const found = new Set(named.flatMap((entity) => entityName(entity) ?? []));
  for (const name of query === null ? [] : inQuery(query)) found.add(name);
  return [...found].slice(0, MOST_ENTITIES);
}

function inQuery(query: AnalyticalQuery): string[] {
  const { select, where, groupBy, having, orderBy } = query;
  return [
    ...select.flatMap(({ value }) => inExpression(value)),
    ...(groupBy ?? []).flatMap(inExpression),
    ...inCondition(where),
    ...inCondition(having),
    ...(orderBy ?? []).flatMap(({ by }) => inExpression(by)),
  ];
}

function inExpression(expression: Expression | null | undefined): string[] {
  if (expression === null || expression === undefined || 'literal' in expression) return [];
  if ('column' in expression) return [expression.column];
  if ('scalar' in expression) return [...inExpression(expression.scalar.of), ...inCondition(expression.scalar.where)];
  if ('read' in expression) return inExpression(expression.from);
  if ('op' in expression) return [...inExpression(expression.left), ...inExpression(expression.right)];
  if ('window' in expression) return inExpression(expression.of);
  return [...inExpression(expression.of), ...inExpression(expression.with), ...inCondition(expression.where)];
}

function inCondition(condition: Condition | undefined): string[] {
  if (condition === undefined) return [];
  if ('and' in condition) return condition.and.flatMap(inCondition);
  if ('or' in condition) return condition.or.flatMap(inCondition);
  if ('not' in condition) return inCondition(condition.not);
  const values = valuesOf(condition);
  const columns = inExpression(condition.left);
  const [column] = columns;
  const named = column === undefined ? [] : values.map((value) => `${column}=${String(value).toLowerCase()}`);
  const inner = 'inQuery' in condition ? inSubquery(condition.inQuery) : [];
  const right = 'compare' in condition ? inExpression(condition.right) : [];
  return [...columns, ...named, ...right, ...inner];
}

function valuesOf(condition: Exclude<Condition, { and: unknown } | { or: unknown } | { not: unknown }>): Scalar[] {
  if ('in' in condition) return [...condition.in];
  if ('between' in condition) return [...condition.between];
  if ('text' in condition) return [condition.value];
  return 'compare' in condition && 'literal' in condition.right ? [condition.right.literal] : [];
}

const inSubquery = ({ select, where, groupBy }: Subquery): string[] => [
  ...inExpression(select),
  ...inCondition(where),
  ...(groupBy ?? []).flatMap(inExpression),
];

/** The same for the same question in meaning, data set included. */
export function signatureOf(query: AnalyticalQuery): string {
  const hex = createHash('sha256').update(meaningOf(query)).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

/**
 * The stems of what was asked, each once. With the words of the entities, so that "education" finds "and in 2020?" where
 * that was about education.
 */
export async function termsOf(
  question: string,
  entities: readonly string[],
  dictionary: Dictionary,
): Promise<string[]> {
  const named = read(entities.join(' ').replaceAll(/[=_]/g, ' '));
  const asked = read(question);
  const stems = await stemsOf([asked, { language: asked.language, words: named.words }], dictionary);
  return [...new Set(stems.flat())].slice(0, MOST_TERMS);
}

/** An entity as it is hashed: no term, which has no such sign, is ever taken for one. */
export const entityTerm = (name: string): string => `=${name}`;

/** Four bytes for each entity and term, in no order: what they are told by within one result. */
export function packMarks(keys: TermKeys, names: readonly string[]): Buffer {
  const bytes = Buffer.alloc(names.length * MARK);
  for (const [at, name] of names.entries()) bytes.writeUInt32LE(keys.short(name), at * MARK);
  return bytes;
}

export function unpackMarks(bytes: Buffer): Set<number> {
  const marks = new Set<number>();
  for (let at = 0; at + MARK <= bytes.length; at += MARK) marks.add(bytes.readUInt32LE(at));
  return marks;
}
