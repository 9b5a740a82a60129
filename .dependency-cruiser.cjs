/** The walls of ARCHITECTURE.md that are about who imports whom. */

// THE list of modules is in src/modules.ts; its order is the dependency order (test/architecture.test.ts compares the two).
const order = [
  'accounts',
  'guardians',
  'media',
  'catalogue',
  'enrollments',
  'reviews',
  'payments',
  'learning',
  'assessments',
  'certificates',
  'friends',
  'chat',
  'presence',
  'calls',
  'notifications',
  'reminders',
  'assistant',
  'reports',
  'webhooks',
  'operations',
]

const onlyEarlierModules = order.map((name, index) => ({
  name: `${name}-imports-earlier-modules-only`,
  comment:
    'A module may import those before it in src/modules.ts. If the lower one must react, publish an event.',
  severity: 'error',
  from: { path: `^src/modules/${name}/`, pathNot: '\\.test\\.ts$' },
  to: { path: `^src/modules/(${order.slice(index + 1).join('|') || 'none'})/` },
}))

module.exports = {
  forbidden: [
    {
      name: 'platform-knows-no-module',
      comment: 'The platform knows no business word: pass what it needs as an argument.',
      severity: 'error',
      from: { path: '^src/platform/', pathNot: '\\.test\\.ts$' },
      to: { path: '^src/(?!platform/)' },
    },
    {
      name: 'modules-enter-by-the-door',
      comment: 'A module enters another by its index.ts only.',
      severity: 'error',
      from: { path: '^src/modules/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^src/modules/([^/]+)/',
        pathNot: ['^src/modules/$1/', '^src/modules/[^/]+/(index|factory)\\.ts$'],
      },
    },
    {
      name: 'factories-are-for-tests',
      comment: 'factory.ts builds test data; the program does not use it.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['\\.test\\.ts$', '/factory\\.ts$'] },
      to: { path: '/factory\\.ts$' },
    },
    {
      name: 'modules-do-not-know-the-program',
      comment: 'Nothing below app.ts knows the whole.',
      severity: 'error',
      from: { path: '^src/modules/', pathNot: '\\.test\\.ts$' },
      to: { path: '^src/[^/]+\\.ts$|^src/commands/' },
    },
    {
      name: 'rules-and-policies-are-pure',
      comment: 'rules.ts and policy.ts do no I/O: they import other rules, errors and types.',
      severity: 'error',
      from: { path: '^src/modules/.*(rules|policy)\\.ts$' },
      to: {
        path: [
          'queries\\.ts$',
          'routes\\.ts$',
          '^node:(fs|net|http|child_process)',
          '^src/platform/(database|http/app|jobs|cache|mail|storage)',
        ],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'use-cases-know-no-http',
      comment: 'Only routes and pages know Fastify.',
      severity: 'error',
      from: { path: '^src/modules/', pathNot: '(routes|pages|page|schemas|\\.test)\\.ts$' },
      to: { path: 'node_modules/(fastify|@fastify)/', dependencyTypesNot: ['type-only'] },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-program-imports-tests',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$' },
      to: { path: '^test/|\\.test\\.ts$' },
    },
    {
      name: 'no-dev-dependencies-in-the-program',
      severity: 'error',
      from: { path: '^src/', pathNot: ['\\.test\\.ts$', '/test-[a-z-]+\\.ts$'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'the-client-knows-no-server',
      comment: 'client/ is a package of its own, for browsers; what it knows of the server is openapi.json.',
      severity: 'error',
      from: { path: '^client/src/' },
      to: { pathNot: ['^client/src/', 'node_modules/(socket\\.io-client|tus-js-client)/'] },
    },
    {
      name: 'the-example-knows-the-client',
      comment: 'examples/ is what a front end of somebody else would be.',
      severity: 'error',
      from: { path: '^examples/' },
      to: { pathNot: ['^examples/', '^client/src/'] },
    },
    {
      name: 'the-server-knows-no-client',
      comment: 'At /example it serves the files of both; it imports none.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(client|examples)/' },
    },
    { name: 'nothing-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...onlyEarlierModules,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
