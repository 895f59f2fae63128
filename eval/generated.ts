import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Backend } from './backend.js';
import { WORDINGS } from './generated/languages/wordings.js';
import { report, told } from './generated/report.js';
import { survey, surveyRelated } from './generated/survey.js';

const { values } = parseArgs({
  options: {
    tables: { type: 'string', default: '300' },
    first: { type: 'string', default: '1' },
    database: { type: 'string' },
    language: { type: 'string', default: 'en' },
    wrong: { type: 'string' },
    related: { type: 'boolean' },
  },
});

const backend = await Backend.open(values.database);
try {
  const seeds = Array.from({ length: Number(values.tables) }, (_, at) => Number(values.first) + at);
  const outcomes = [
    ...(await survey(backend, seeds, WORDINGS.get(values.language))),
    ...(values.related === true ? await surveyRelated(backend, seeds) : []),
  ];
  process.stdout.write(`${report(outcomes)}\n`);
  const bad = outcomes.filter(({ verdict }) => verdict !== 'right');
  if (values.wrong !== undefined) writeFileSync(values.wrong, `${bad.map(told).join('\n\n')}\n`);
} finally {
  await backend.close();
}
