import { join } from 'node:path'
import type { Guard } from './guard.ts'
import { freePort } from './ports.ts'
import { createServiceProcess, type Environment, type ServiceProcess } from './service-process.ts'
import type { Stack } from './supervisor.ts'

const readyTimeoutMs = 45_000

/** Another instance of a stack's ledger, not started yet. */
export const furtherLedger = async (
  { ledgerUri, serviceToken }: Pick<Stack, 'ledgerUri' | 'serviceToken'>,
  name: string,
  given: {
    readonly folder: string
    readonly amqpUrl: string
    readonly guard: Guard
    readonly env?: Environment
  },
): Promise<ServiceProcess> => {
  const port = await freePort()
  return createServiceProcess({
    name,
    main: 'services/ledger/dist/main.js',
    port,
    env: {
      NODE_ENV: 'development',
      LOG_LEVEL: 'warn',
      HOST: '127.0.0.1',
      PORT: String(port),
      AMQP_URL: given.amqpUrl,
      MONGODB_URI: ledgerUri,
      SERVICE_TOKEN: serviceToken,
      ...given.env,
    },
    logFile: join(given.folder, 'logs', `${name}.log`),
    guard: given.guard,
    readyTimeoutMs,
    readyRoute: true,
    onDeath: (cause) => console.error(cause),
  })
}
