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
    file: { type: 'string', format: 'binary', description: 'The table as CSV.' },
  },
};
