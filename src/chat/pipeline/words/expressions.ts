import type { Scalar } from '../../../common/scalar.js';
import { columnNamed, type ColumnProfile, type DatasetProfile } from '../../../datasets/profile.js';
import { ROW_NUMBER, type Condition, type Expression, type Grain } from '../../../datasets/query/analytical-query.js';
import { dateWords } from './dates.js';
import { changeIn, shareIn } from './derived.js';
import { listed, lowerFirst, plural } from './language.js';
import { formatNumber } from './numbers.js';
import { sidesIn } from './sides.js';
import { windowWords } from './windows.js';

export const columnOf = (profile: DatasetProfile, name: string): ColumnProfile | null => columnNamed(profile, name);

/** How a column is called within a sentence: `income group`. */
export function columnWords(profile: DatasetProfile, name: string): string {
  if (name === ROW_NUMBER) return 'position in the file';
  return lowerFirst(columnOf(profile, name)?.label ?? name);
}

/** A literal as people write it; years and other plain integers below 10,000 without a separator. */
export function literalWords(value: Scalar): string {
  if (value === null) return 'nothing';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number')
    return Number.isInteger(value) && Math.abs(value) < 10_000 ? String(value) : formatNumber(value);
  return dateWords(value) ?? value;
}

/** `month` of a plain date; `month of delivery` where the column says which date. */
function grainWords(grain: Grain | undefined, column: string): string {
  if (grain === undefined) return column;
  const step = grain.replaceAll('_of_', ' of the ');
  const which = column
    .replace(/\b(?:the|date|time|timestamp|datetime|day|week|month|quarter|year|hour|of)\b/g, '')
    .trim();
  return which === '' ? step : `${step} of ${column.replace(/^date of /, '')}`;
}

/** What a step of time is called: its grain; a plain date's is a day, a number's a year. */
function stepOf(time: Expression | undefined, profile: DatasetProfile): string | undefined {
  if (time === undefined || !('column' in time)) return undefined;
  const type = columnOf(profile, time.column)?.type;
  return time.grain ?? (type === 'date' ? 'day' : type === 'integer' ? 'year' : undefined);
}

/** What an expression works out, as a noun phrase without an article: `average score`. */
export function expressionWords(expression: Expression, profile: DatasetProfile): string {
  const words = (inner: Expression): string => expressionWords(inner, profile);
  if ('column' in expression) return grainWords(expression.grain, columnWords(profile, expression.column));
  if ('literal' in expression) return literalWords(expression.literal);
  if ('scalar' in expression)
    return cellWords(expression.scalar, profile) ?? aggregateWords(expression.scalar, profile);
  if ('aggregate' in expression) return aggregateWords(expression, profile);
  if ('window' in expression) return windowWords(expression, words, stepOf(expression.orderBy, profile));
  if ('read' in expression)
    return expression.read === 'year' ? `year in ${words(expression.from)}` : words(expression.from);
  const change = changeIn(expression);
  if (change !== null)
    return `change in ${words(change.of)}${change.percent ? ' in percent' : ''} from ${literalWords(change.from)} to ${literalWords(change.to)}`;
  const share = shareIn(expression);
  if (share !== null) {
    const whole = words(share.whole);
    const things = thingsCounted(share.whole, profile);
    const { kind, phrase } = oneFilter(share.part, profile);
    if (kind !== 'value' && things !== null) return `share of the ${things} ${filterPhrase(share.part, profile)}`;
    return `share of ${kind === 'value' ? phrase : `rows ${phrase}`} in the ${whole === 'number of rows' ? 'rows' : whole}`;
  }
  const sides = sidesIn(expression);
  const beside = (conditions: readonly Condition[]): string =>
    filterPhrase(conditions.length === 1 ? conditions[0] : { and: conditions }, profile);
  const [left, right] = [
    words(expression.left),
    sides === null ? words(expression.right) : `that ${beside(sides.right)}`,
  ];
  switch (expression.op) {
    case '+':
      return `${left} plus ${right}`;
    case '-':
      return `${left} minus ${right}`;
    case '*':
      return `${left} times ${right}`;
    case '/':
      return `${left} divided by ${right}`;
    case 'percent_change':
      return `change in percent from ${right} to ${left}`;
    case 'abs_difference':
      return `difference between ${left} and ${right}`;
  }
}

/** What a count counts: `countries`, `rows`; null for what is no count. */
function thingsCounted({ aggregate, of }: AggregateExpression, profile: DatasetProfile): string | null {
  if (aggregate === 'count' && of === null) return 'rows';
  return aggregate === 'count_distinct' && of !== null ? plural(expressionWords(of, profile)) : null;
}

/** `revenue of Northern branch`: where a column names the rows, the lowest or highest under one name is its one cell. */
function cellWords(
  { aggregate, of, where }: Extract<Expression, { scalar: unknown }>['scalar'],
  profile: DatasetProfile,
): string | null {
  if ((aggregate !== 'min' && aggregate !== 'max') || of === null || where === undefined) return null;
  if (!('compare' in where) || where.compare !== '=' || !('column' in where.left) || !('literal' in where.right)) {
    return null;
  }
  const names = columnOf(profile, where.left.column);
  if (names === null || names.distinct < 0.9 * (profile.rowCount - names.nulls)) return null;
  return `${expressionWords(of, profile)} of ${literalWords(where.right.literal)}`;
}

type AggregateExpression = Extract<Expression, { aggregate: unknown }>;

function aggregateWords(
  { aggregate, of, with: second, where }: Pick<AggregateExpression, 'aggregate' | 'of' | 'with' | 'where'>,
  profile: DatasetProfile,
): string {
  const noun = of === null ? 'rows' : expressionWords(of, profile);
  const overAll = of !== null && 'column' in of && columnOf(profile, of.column)?.computed?.level === 'group';
  const single = overAll ? ' of a single row' : '';
  const phrase = (): string => {
    switch (aggregate) {
      case 'count':
        return of === null ? 'number of rows' : `number of rows with a ${noun}`;
      case 'count_distinct':
        return `number of different ${plural(noun)}`;
      case 'sum':
        return overAll || /^total\b/.test(noun) ? noun : `total ${noun}`;
      case 'avg':
        return overAll ? noun : `average ${noun}`;
      case 'min':
        return `lowest ${noun}${single}`;
      case 'max':
        return `highest ${noun}${single}`;
      case 'median':
        return `median ${noun}${single}`;
      case 'q1':
        return `first quartile of ${noun}${single}`;
      case 'q3':
        return `third quartile of ${noun}${single}`;
      case 'stddev':
        return `standard deviation of ${noun}`;
      case 'correlation':
        return `correlation of ${noun} and ${second === undefined ? 'itself' : expressionWords(second, profile)}`;
    }
  };
  const filter = where === undefined ? '' : filterPhrase(where, profile);
  return filter === '' ? phrase() : `${phrase()} ${filter}`;
}

/** One condition of a filter in words. `title` stands after a comma in a title, `phrase` within a sentence. */
export interface FilterWords {
  readonly column: string | null;
  readonly kind: 'value' | 'time' | 'other';
  readonly title: string;
  readonly phrase: string;
}

const COMPARISONS = {
  '=': 'is',
  '!=': 'is not',
  '<': 'is below',
  '<=': 'is at most',
  '>': 'is above',
  '>=': 'is at least',
} as const;
const SHORT = { '=': '', '!=': 'not ', '<': '<', '<=': '≤', '>': '>', '>=': '≥' } as const;
const TIME = { '=': 'in', '!=': 'outside', '<': 'before', '<=': 'until', '>': 'after', '>=': 'since' } as const;

function isTime(expression: Expression, profile: DatasetProfile): boolean {
  if (!('column' in expression)) return false;
  return columnOf(profile, expression.column)?.role === 'temporal' || expression.grain !== undefined;
}

/** The parts of a filter that all must hold, each in words. */
export function filterWords(where: Condition | undefined, profile: DatasetProfile): FilterWords[] {
  if (where === undefined) return [];
  if (!('and' in where)) return [oneFilter(where, profile)];
  const span = spanOf(where.and, profile);
  if (span === null) return where.and.flatMap((part) => filterWords(part, profile));
  const rest = where.and.filter((part) => !span.parts.includes(part)).flatMap((part) => filterWords(part, profile));
  return [...rest, span.words];
}

/** `>=` and `<=` on one column of time, taken together: `from 2015 to 2020`. */
function spanOf(
  parts: readonly Condition[],
  profile: DatasetProfile,
): { readonly parts: readonly Condition[]; readonly words: FilterWords } | null {
  const bound = (compare: '>=' | '<=') =>
    parts.flatMap((part) => {
      if (!('compare' in part) || part.compare !== compare || !isTime(part.left, profile)) return [];
      if (!('column' in part.left) || !('literal' in part.right)) return [];
      return [{ part, column: part.left.column, grain: part.left.grain, text: literalWords(part.right.literal) }];
    });
  for (const from of bound('>=')) {
    const to = bound('<=').find(({ column, grain }) => column === from.column && grain === from.grain);
    if (to === undefined) continue;
    const words: FilterWords = {
      column: from.column,
      kind: 'time',
      title: `${from.text}–${to.text}`,
      phrase: `from ${from.text} to ${to.text}`,
    };
    return { parts: [from.part, to.part], words };
  }
  return null;
}

function oneFilter(where: Condition, profile: DatasetProfile): FilterWords {
  const other = (phrase: string, column: string | null = null): FilterWords => ({
    column,
    kind: 'other',
    title: phrase,
    phrase,
  });
  if ('and' in where || 'or' in where) {
    const [parts, word] = 'and' in where ? ([where.and, 'and'] as const) : ([where.or, 'or'] as const);
    const span = 'and' in where ? spanOf(where.and, profile) : null;
    if (span !== null && span.parts.length === parts.length) return span.words;
    const all = parts.map((part) => oneFilter(part, profile));
    const [first] = all;
    if (
      first !== undefined &&
      all.every(({ kind, column }) => kind === first.kind && column === first.column && kind === 'value')
    )
      return {
        ...first,
        title: listed(
          all.map((part) => part.title),
          word,
        ),
        phrase: listed(
          all.map((part) => part.phrase),
          word,
        ),
      };
    const phrases = all.map(({ kind, phrase }) => (kind === 'value' ? `for ${phrase}` : phrase));
    return other(word === 'or' ? `either ${listed(phrases, word)}` : listed(phrases, word));
  }
  if ('not' in where) {
    const inner = oneFilter(where.not, profile);
    if (inner.kind === 'value') return other(`without ${inner.phrase}`, inner.column);
    return other(inner.kind === 'time' ? `not ${inner.phrase}` : `not (${inner.phrase})`);
  }

  const left = expressionWords(where.left, profile);
  const column = 'column' in where.left ? where.left.column : null;
  const profileColumn = column === null ? null : columnOf(profile, column);
  const time = isTime(where.left, profile);
  const isName = profileColumn?.type === 'text' && profileColumn.role !== 'measure';

  if ('in' in where) {
    const values = listed(where.in.map(literalWords), where.negated === true ? 'or' : 'and');
    if (where.negated === true) return other(`without ${values}`, column);
    if (time) return { column, kind: 'time', title: values, phrase: `in ${values}` };
    return isName ? { column, kind: 'value', title: values, phrase: values } : other(`${left} ${values}`, column);
  }
  if ('between' in where) {
    const [low, high] = where.between.map(literalWords);
    if (time) return { column, kind: 'time', title: `${low}–${high}`, phrase: `from ${low} to ${high}` };
    return other(`${left} from ${low} to ${high}`, column);
  }
  if ('text' in where) {
    if (where.text === 'equals') return { column, kind: 'value', title: where.value, phrase: where.value };
    return other(
      `${left} ${where.text.replace('_', ' ').replace('starts', 'starting').replace('ends', 'ending').replace('contains', 'containing')} “${where.value}”`,
      column,
    );
  }
  if ('missing' in where) return other(where.missing ? `without a ${left}` : `with a ${left}`, column);
  if ('inQuery' in where) {
    const { having } = where.inQuery;
    const of = where.negated === true ? null : ofWords(where.inQuery, profile);
    if (of !== null) return { column, kind: 'value', title: `${left} of ${of}`, phrase: `the ${left} of ${of}` };
    const bounds = having === undefined || where.negated === true ? null : boundsPhrase(having, profile);
    const inner = where.inQuery.where === undefined ? '' : ` ${filterPhrase(where.inQuery.where, profile)}`;
    if (bounds !== null) return other(`whose ${bounds}${'compare' in (having ?? {}) ? '' : inner}`, column);
    return other(`${where.negated === true ? 'without' : 'only'} the ${plural(left)} found${inner}`, column);
  }
  const right = expressionWords(where.right, profile);
  const literal = 'literal' in where.right;
  if (time && literal)
    return {
      column,
      kind: 'time',
      title: where.compare === '=' ? right : `${TIME[where.compare]} ${right}`,
      phrase: `${TIME[where.compare]} ${right}`,
    };
  // A bare yes says nothing of what it is about.
  if (isName && literal && /^(yes|no|true|false)$/i.test(right))
    return other(`where ${left} ${COMPARISONS[where.compare]} ${right}`, column);
  if (isName && literal && where.compare === '=') return { column, kind: 'value', title: right, phrase: right };
  if (isName && literal && where.compare === '!=') return other(`without ${right}`, column);
  const value = 'scalar' in where.right ? `the ${right}` : right;
  return {
    column,
    kind: 'other',
    title: literal
      ? `${left} ${SHORT[where.compare]}${SHORT[where.compare] === '' ? '' : ' '}${right}`.replace('not  ', 'not ')
      : `${left} ${COMPARISONS[where.compare]} ${value}`,
    phrase: `where ${left} ${COMPARISONS[where.compare]} ${value}`,
  };
}

/** "The region of Germany": the one value beside another one; null for what is no such thing. */
function ofWords(
  { select, where, having, groupBy }: Extract<Condition, { inQuery: unknown }>['inQuery'],
  profile: DatasetProfile,
): string | null {
  if (where === undefined || having !== undefined || groupBy === undefined || !('column' in select)) return null;
  const known = filterWords(where, profile);
  const [one] = known;
  return one?.kind === 'value' && known.length === 1 && 'compare' in where ? one.phrase : null;
}

/** "average score for Education is above 60 and average score for Economy is above 50"; null for what is no bound. */
export function boundsPhrase(having: Condition, profile: DatasetProfile): string | null {
  if ('compare' in having)
    return `${expressionWords(having.left, profile)} ${COMPARISONS[having.compare]} ${expressionWords(having.right, profile)}`;
  const all = 'and' in having ? having.and : 'or' in having ? having.or : [];
  const parts = all.flatMap((each) => boundsPhrase(each, profile) ?? []);
  return all.length === 0 || parts.length < all.length ? null : listed(parts, 'or' in having ? 'or' : 'and');
}

/**
 * A filter within a sentence: `for Education in 2024`; empty when there is none. Names that the rows themselves show, being
 * of a column in `shown`, are left out.
 */
export function filterPhrase(
  where: Condition | undefined,
  profile: DatasetProfile,
  shown: readonly (string | null)[] = [],
): string {
  const parts = told(where, profile, shown);
  const names = parts.filter(({ kind }) => kind === 'value').map(({ phrase }) => phrase);
  const times = parts.filter(({ kind }) => kind === 'time').map(({ phrase }) => phrase);
  const others = parts.filter(({ kind }) => kind === 'other').map(({ phrase }) => phrase);
  const joined = others.map((phrase, index) => (index > 0 && phrase.startsWith('where ') ? phrase.slice(6) : phrase));
  return [names.length > 0 ? `for ${names.join(', ')}` : '', ...times, listed(joined)].filter(Boolean).join(' ');
}

/** A filter after a comma in a title: `Education, 2024`; see `filterPhrase` for `shown`. */
export function filterTitle(
  where: Condition | undefined,
  profile: DatasetProfile,
  shown: readonly (string | null)[] = [],
): string {
  return told(where, profile, shown)
    .toSorted((a, b) => Number(a.kind === 'time') - Number(b.kind === 'time'))
    .map(({ title }) => title)
    .join(', ');
}

const told = (
  where: Condition | undefined,
  profile: DatasetProfile,
  shown: readonly (string | null)[],
): FilterWords[] =>
  filterWords(where, profile).filter(
    ({ kind, column }) => kind !== 'value' || column === null || !shown.includes(column),
  );
