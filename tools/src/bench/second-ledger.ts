import { join } from 'node:path'
import { freePort } from '../stack/ports.ts'
import { createServiceProcess, type ServiceProcess } from '../stack/service-process.ts'
import type { BenchServers } from './bench-servers.ts'
import type { WholePath } from './whole-path.ts'

const readyTimeoutMs = 45_000

/** Another instance of a path's ledger, not started yet. */
export const secondLedgerOf = async (
  servers: BenchServers,
  whole: WholePath,
  name: string,
): Promise<ServiceProcess> => {
  const port = await freePort()
  return createServiceProcess({
    name: 'second ledger',
    main: 'services/ledger/dist/main.js',
    port,
    env: {
      NODE_ENV: 'development',
      LOG_LEVEL: 'warn',
      HOST: '127.0.0.1',
      PORT: String(port),
      AMQP_URL: whole.amqpUrl,
      MONGODB_URI: whole.ledgerUri,
      SERVICE_TOKEN: whole.stack.serviceToken,
    },
    logFile: join(servers.folder, 'logs', `${name}-second-ledger.log`),
    guard: servers.guard,
    readyTimeoutMs,
    readyRoute: true,
    onDeath: (cause) => console.error(cause),
  })
}
