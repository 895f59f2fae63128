/** The part of an upload form that is the table. */
const FILE_FIELDS = {
  sheet: {
    type: 'string',
    maxLength: 200,
    description:
      'Of a workbook: the sheet to read, by name or by its place from 1; the first with a table when left out.',
    example: 'Sales 2024',
  },
  file: {
    type: 'string',
    format: 'binary',
    description:
      'The table: CSV (any encoding, delimiter and quoting), JSON (`[{…}]`, `{ "data": [{…}] }`, `[[…]]`, `{ "a": […], "b": […] }`; ' +
      'objects within objects become `outer.inner`, lists of plain values one text), JSON Lines, an Excel workbook (.xlsx) or Parquet. ' +
      'What it is, is told by its content, not by its name.',
  },
};

/** Schema of the upload form. */
export const UPLOAD_SCHEMA = {
  type: 'object',
  required: ['file'],
  properties: {
    title: {
      type: 'string',
      maxLength: 200,
      description: "For people; the file's name when left out.",
      example: 'Sector health',
    },
    description: { type: 'string', maxLength: 5_000, example: 'Scores of four sectors by country and year.' },
    source: { type: 'string', maxLength: 1_000, example: 'World Development Indicators, The World Bank' },
    licence: { type: 'string', maxLength: 200, example: 'CC BY 4.0' },
    shared: {
      type: 'string',
      enum: ['true', 'false'],
      description: 'For everybody; administrators only.',
      example: 'false',
    },
    ...FILE_FIELDS,
  },
};

/** Schema of the form that refreshes a data set. */
export const REFRESH_SCHEMA = {
  type: 'object',
  required: ['file', 'mode'],
  properties: {
    mode: {
      type: 'string',
      enum: ['replace', 'append', 'upsert'],
      description: 'In the place of the rows, after them, or each in the place of the one with the same key.',
      example: 'upsert',
    },
    key: {
      type: 'string',
      description:
        'Of an upsert: the columns that tell which row is which, with commas between, or as a JSON list of their names.',
      example: 'country,year',
    },
    ...FILE_FIELDS,
  },
};
