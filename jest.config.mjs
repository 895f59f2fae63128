/** Runs the TypeScript sources as ES modules; `npm test` sets the Node flag that jest needs for that. */
const swc = (type) => [
  '@swc/jest',
  {
    jsc: {
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
      target: 'es2022',
      keepClassNames: true,
    },
    module: { type },
  },
];
// CommonJS packages under Fastify's inject() require these two, which are ES modules.
const esmRequiredByCjs = 'cookie|content-disposition';

export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/test', '<rootDir>/eval'],
  testRegex: '\\.spec\\.ts$',
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/faults/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { [`/node_modules/(${esmRequiredByCjs})/.+\\.js$`]: swc('commonjs'), '^.+\\.ts$': swc('es6') },
  transformIgnorePatterns: [`/node_modules/(?!(?:.*/node_modules/)?(?:${esmRequiredByCjs})/)`],
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  reporters: ['default', '<rootDir>/test/support/summary-reporter.mjs'],
  maxWorkers: 2,
  workerIdleMemoryLimit: '512MB',
  testTimeout: 30_000,
};
