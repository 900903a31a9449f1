/** Unit (.test.ts), integration (.int.test.ts) and end-to-end (.e2e.test.ts) tests, one runner. */
export default {
  testEnvironment: 'node',
  globalSetup: './apps/check/src/testing/global-setup.mjs',
  globalTeardown: './apps/check/src/testing/global-teardown.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  testEnvironmentOptions: { customExportConditions: ['@recargas/source', 'node', 'node-addons'] },
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.stack/'],
  modulePathIgnorePatterns: ['/dist/', '/.stack/'],
  watchPathIgnorePatterns: ['/.stack/'],
  testSequencer: './apps/check/src/testing/longest-first.mjs',
  maxWorkers: 2,
  testTimeout: 20_000,
}
