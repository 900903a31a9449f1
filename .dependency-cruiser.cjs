/** The layers of docs/adr/0001-layers.md, as rules. */
const drivers =
  '^services/[^/]+/src/(mongo|log|projections|audit|rebuild|carriers|http|server|clients)/'
const adapter = '^services/carrier-adapter/src/'
const judge = '^lab/src/chaos/(oracle[a-z-]*|facts)\\.ts$'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'ledger-decisions-are-pure',
      comment:
        'accounting/ and the slices decide; they import the contracts and accounting/ and do no I/O (hashing does none)',
      severity: 'error',
      from: {
        path: [
          '^services/ledger/src/(accounting|sales|cash|float)/',
          '^services/ledger/src/reconcile/record-(mismatch|recharge)\\.ts$',
        ],
        pathNot: '\\.test\\.ts$',
      },
      to: {
        pathNot: [
          '^services/ledger/src/accounting/',
          '^services/ledger/src/(sales|cash|float)/',
          '^packages/contracts/',
          '^(node:)?crypto$',
        ],
      },
    },
    {
      name: 'accounting-knows-no-slice',
      severity: 'error',
      from: { path: '^services/ledger/src/accounting/', pathNot: '\\.test\\.ts$' },
      to: { path: '^services/ledger/src/(?!accounting/)' },
    },
    {
      name: 'slices-are-apart',
      comment: 'a slice imports accounting/ and its own files; apply (log/) calls each',
      severity: 'error',
      from: { path: '^services/ledger/src/(sales|cash|float)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^services/ledger/src/(sales|cash|float)/', pathNot: '^services/ledger/src/$1/' },
    },
    {
      name: 'adapter-domain-is-pure',
      comment: 'domain/ decides; it imports the contracts and nothing that does I/O',
      severity: 'error',
      from: { path: '^services/carrier-adapter/src/domain/', pathNot: '\\.test\\.ts$' },
      to: {
        pathNot: [
          '^services/carrier-adapter/src/domain/',
          '^packages/contracts/',
          '^(node:)?crypto$',
        ],
      },
    },
    {
      name: 'carriers-stay-in-their-folder',
      comment: 'one carrier is one folder of carriers/; only the composition root wires it',
      severity: 'error',
      from: {
        path: adapter,
        pathNot: [
          `${adapter}carriers/`,
          `${adapter}(app|start-carriers)\\.ts$`,
          '\\.test\\.ts$',
          '/testing/',
        ],
      },
      to: { path: `${adapter}carriers/` },
    },
    {
      name: 'a-carrier-knows-only-the-seam',
      comment:
        'a carrier imports domain/ and its own files: no other carrier, no database, no sale step',
      severity: 'error',
      from: { path: `${adapter}carriers/([^/]+)/`, pathNot: '\\.test\\.ts$' },
      to: { path: adapter, pathNot: [`${adapter}domain/`, `${adapter}carriers/$1/`] },
    },
    {
      name: 'contracts-are-pure',
      comment: 'the language of the system has no I/O: zod, uuid and calendars only',
      severity: 'error',
      from: { path: '^packages/contracts/src', pathNot: '\\.test\\.ts$' },
      to: {
        pathNot: [
          '^packages/contracts/',
          'node_modules/(zod|uuid|temporal-polyfill)/',
          '^node:crypto$',
          '^crypto$',
        ],
      },
    },
    {
      name: 'only-the-root-wires-drivers',
      comment:
        'features declare ports as types; app.ts with its start-* and open-* files and main.ts alone import the drivers',
      severity: 'error',
      from: {
        path: '^services/[^/]+/src/',
        pathNot: [
          '^services/[^/]+/src/(app|start-[a-z-]+|take-jobs|open-[a-z-]+|connect-database|main)\\.ts$',
          '^services/[^/]+/src/[^/]+/main\\.ts$',
          drivers,
          // Every read is a query of the projections.
          '^services/ledger/src/reads/',
          '\\.test\\.ts$',
          '/(testing|bench)/',
        ],
      },
      to: { path: [drivers, '^packages/messaging/'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'services-do-not-import-each-other',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/([^/]+)/', pathNot: '^services/$1/' },
    },
    {
      name: 'packages-do-not-import-services',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^(services|apps|lab)/' },
    },
    {
      name: 'the-lab-runs-services-from-outside',
      comment: 'scenarios start built programs; only tests beside them import a service',
      severity: 'error',
      from: { path: '^lab/src/', pathNot: '\\.test\\.ts$' },
      to: { path: '^services/' },
    },
    {
      name: 'the-chaos-judge-knows-recorded-facts-only',
      severity: 'error',
      from: { path: judge, pathNot: '\\.test\\.ts$' },
      to: { pathNot: [judge, '^lab/src/till/carrier-control\\.ts$'] },
    },
    {
      name: 'the-screen-knows-the-client-only',
      comment:
        'the screen is a client of the gateway like any other: packages/client and libraries of a browser',
      severity: 'error',
      from: { path: '^web/src/', pathNot: ['\\.test\\.ts$', '^web/src/e2e/'] },
      to: {
        pathNot: [
          '^web/src/',
          '^packages/client/',
          'node_modules/(preact|@preact/signals|@preact/signals-core|idb|eventsource-parser|oauth4webapi)/',
        ],
      },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-drawers-for-anything',
      comment: 'name the thing that lives there',
      severity: 'error',
      from: {},
      to: { path: '/(utils|helpers|common)/', pathNot: 'node_modules' },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^@recargas/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.check.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@recargas/source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
}
