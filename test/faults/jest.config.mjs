import path from 'node:path';
import tests from '../../jest.config.mjs';

/** Minutes of kills: `npm run test:faults`, apart from the other tests. */
export default {
  ...tests,
  rootDir: path.resolve(import.meta.dirname, '../..'),
  roots: ['<rootDir>/test/faults'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 900_000,
};
