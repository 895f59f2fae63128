/*
 * The analytical query for the API document. Expressions and conditions hold each other without end, which a document in this
 * version can only describe in words and show by example; the zod schema is what checks them.
 */

const EXPRESSION = {
  type: 'object',
  description:
    'One of `{ column, grain?, bin? }`, `{ aggregate, of, with?, where? }`, `{ scalar: { aggregate, of, where? } }`, `{ literal }`, ' +
    '`{ read, from }`, `{ op, left, right }`, `{ window, of, within?, orderBy?, periods?, direction? }`. Columns are named as in the file; `#row` is the place in it. ' +
    'Columns of related data sets are named after the relation: `customers.segment`. Every row is there once, whether or not it has a partner.',
  additionalProperties: true,
  example: { aggregate: 'avg', of: { column: 'score' } },
};

const CONDITION = {
  type: 'object',
  description:
    'One of `{ compare, left, right }`, `{ in, left, negated? }`, `{ between, left }`, `{ text, left, value }`, `{ missing, left }`, ' +
    '`{ inQuery, left, negated? }`, `{ and }`, `{ or }`, `{ not }`.',
  additionalProperties: true,
  example: { compare: '=', left: { column: 'year' }, right: { literal: 2024 } },
};

/** Schema of the body of a query. */
export const QUERY_SCHEMA = {
  type: 'object',
  required: ['select'],
  additionalProperties: false,
  properties: {
    datasetId: { type: 'string', description: 'The data set of the address; may be left out.' },
    version: {
      type: 'integer',
      minimum: 1,
      description: 'Over the rows as they were at this version; as they are when left out.',
    },
    select: {
      type: 'array',
      minItems: 1,
      maxItems: 30,
      items: {
        type: 'object',
        required: ['value'],
        additionalProperties: false,
        properties: {
          value: EXPRESSION,
          as: { type: 'string', description: "Name of the result's column.", maxLength: 200 },
        },
      },
    },
    where: CONDITION,
    groupBy: { type: 'array', maxItems: 5, items: EXPRESSION },
    having: CONDITION,
    qualify: {
      ...CONDITION,
      description: `Rows of the result to keep once windows are worked out. ${CONDITION.description}`,
      example: {
        compare: '<=',
        left: { window: 'rank', of: { aggregate: 'avg', of: { column: 'score' } }, within: [{ column: 'region' }] },
        right: { literal: 3 },
      },
    },
    orderBy: {
      type: 'array',
      maxItems: 5,
      items: {
        type: 'object',
        required: ['by', 'direction'],
        additionalProperties: false,
        properties: { by: EXPRESSION, direction: { type: 'string', enum: ['asc', 'desc'] } },
      },
    },
    limit: { type: 'integer', minimum: 1, maximum: 10_000 },
    withTies: { type: 'boolean', description: 'With `limit`: also the rows that tie with the last one.' },
    offset: { type: 'integer', minimum: 0, maximum: 1_000_000 },
    distinct: { type: 'boolean' },
  },
};

const SCORE = { aggregate: 'avg', of: { column: 'score' } };
const IN_2024 = { compare: '=', left: { column: 'year' }, right: { literal: 2024 } };

export const QUERY_EXAMPLES = {
  'by region': {
    summary: 'Average education score by region in 2024, lowest first',
    value: {
      select: [{ value: { column: 'region' } }, { value: SCORE, as: 'score' }],
      where: { and: [{ compare: '=', left: { column: 'sector' }, right: { literal: 'Education' } }, IN_2024] },
      groupBy: [{ column: 'region' }],
      orderBy: [{ by: SCORE, direction: 'asc' }],
    },
  },
  'best three of each region': {
    summary: 'The three countries of each region with the best average score in 2024, and who shares the third place',
    value: {
      select: [{ value: { column: 'region' } }, { value: { column: 'country' } }, { value: SCORE, as: 'score' }],
      where: IN_2024,
      groupBy: [{ column: 'region' }, { column: 'country' }],
      qualify: {
        compare: '<=',
        left: { window: 'rank', of: SCORE, within: [{ column: 'region' }] },
        right: { literal: 3 },
      },
      orderBy: [
        { by: { column: 'region' }, direction: 'asc' },
        { by: SCORE, direction: 'desc' },
      ],
    },
  },
  'above the average': {
    summary: 'The ten best scores of 2024 above the overall average',
    value: {
      select: [{ value: { column: 'country' } }, { value: { column: 'sector' } }, { value: { column: 'score' } }],
      where: { and: [IN_2024, { compare: '>', left: { column: 'score' }, right: { scalar: SCORE } }] },
      orderBy: [{ by: { column: 'score' }, direction: 'desc' }],
      limit: 10,
    },
  },
};
