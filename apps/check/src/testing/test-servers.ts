import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { acquireServers } from '@recargas/stack/backend'

/** Starts the servers of a test run and names them in the environment that the tests' workers inherit. */
export const startTestServers = async (): Promise<() => Promise<void>> => {
  if (process.env['TEST_MONGODB_URI'] && process.env['TEST_AMQP_URL']) {
    process.env['TEST_BACKEND'] ??= 'external'
    return () => Promise.resolve()
  }
  const startedAt = performance.now()
  const folder = await mkdtemp(join(tmpdir(), 'recargas-test-'))
  const servers = await acquireServers({ folder, log: (line) => console.error(line) })
  process.env['TEST_MONGODB_URI'] = servers.mongodbUri
  process.env['TEST_AMQP_URL'] = servers.amqpUrl
  if (servers.managementUrl !== null) {
    process.env['TEST_RABBIT_MANAGEMENT_URL'] = servers.managementUrl
  }
  process.env['TEST_BACKEND'] = servers.backend
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.error(`test servers: ${servers.backend} (${servers.why}) in ${seconds} s`)

  const stop = async () => {
    await servers.stop()
    // The broker's last child may still be writing its log.
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
  const interrupted = () => void stop().finally(() => process.exit(130))
  process.once('SIGINT', interrupted)
  process.once('SIGTERM', interrupted)
  return async () => {
    process.off('SIGINT', interrupted)
    process.off('SIGTERM', interrupted)
    await stop()
  }
}
