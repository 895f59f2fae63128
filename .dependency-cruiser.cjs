/** The map of the architecture: a folder imports only those above it; equal ranks never see each other. */
const ranks = [
  ['common'],
  ['text'],
  ['config'],
  ['metrics'],
  ['database'],
  ['cache'],
  ['llm'],
  ['users'],
  ['auth'],
  ['personas'],
  ['documents', 'datasets'],
  ['conversations'],
  ['memory'],
  ['prompts'],
  ['chat'],
  ['reports'],
  ['compat', 'insights', 'privacy'],
  ['health'],
];

const lookingUp = ranks.flatMap((same, rank) =>
  same.map((name) => ({
    name: `${name}-looks-up`,
    severity: 'error',
    from: { path: `^src/${name}/` },
    to: {
      path: `^src/(?:${[...same.filter((other) => other !== name), ...ranks.slice(rank + 1).flat(), 'app', 'main', 'docs'].join('|')})(?:/|\\.)`,
    },
  })),
);

module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    ...lookingUp,
    {
      name: 'unknown-folder',
      comment: 'A new folder under src takes its place in the ranks above.',
      severity: 'error',
      from: {},
      to: { path: '^src/[^/]+/', pathNot: `^src/(?:${ranks.flat().join('|')})/` },
    },
    {
      name: 'layers-are-plain',
      severity: 'error',
      from: { path: '^src/chat/pipeline/' },
      to: { path: 'node_modules/(?:@nestjs|typeorm|pg|fastify)/' },
    },
    {
      name: 'insides-of-others',
      comment: 'From outside a folder only its service, entity and types.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/.*(?:store|controller)[.]ts$', pathNot: '^src/$1/' },
    },
    { name: 'no-barrel', severity: 'error', from: {}, to: { path: '^src/.*index\\.ts$' } },
    {
      name: 'product-imports-tests',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(?:test|eval|bench)/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.js'] },
  },
};
