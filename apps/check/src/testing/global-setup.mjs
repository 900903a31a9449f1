import { readdirSync } from 'node:fs'

/** Real servers for the tests that need them, started once a run; RECARGAS_TEST_SERVERS=off starts none. */
export default async function setup(globalConfig) {
  if (process.env.RECARGAS_TEST_SERVERS === 'off' || onlyPureTests(globalConfig)) return
  // This file runs before Jest's own transform is there.
  await import('./typescript.mjs')
  const { startTestServers } = await import('./test-servers.ts')
  globalThis.stopTestServers = await startTestServers()
}

/** True when only pure tests were selected. */
function onlyPureTests({ testPathPatterns, rootDir, onlyChanged, findRelatedTests }) {
  const patterns = testPathPatterns?.patterns ?? []
  if (patterns.length === 0 || onlyChanged || findRelatedTests) return false
  const wanted = patterns.map((pattern) => new RegExp(pattern.replace(/^\.\//, '')))
  const chosen = ['packages', 'services', 'apps', 'lab', 'web/src']
    .flatMap((folder) => testsUnder(`${rootDir}/${folder}`))
    .filter((file) => wanted.some((pattern) => pattern.test(file)))
  return chosen.length > 0 && chosen.every((file) => !/\.(int|e2e)\.test\.ts$/.test(file))
}

function testsUnder(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) {
      return ['node_modules', 'dist'].includes(entry.name) ? [] : testsUnder(path)
    }
    return entry.name.endsWith('.test.ts') ? [path] : []
  })
}
