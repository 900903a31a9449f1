import { createLog, runUntilSignal } from '@recargas/service'
import { createApp } from './app.ts'
import { readGatewaySettings } from './config.ts'

const settings = readGatewaySettings()
const log = createLog('api-gateway', settings.LOG_LEVEL)

await runUntilSignal(() => createApp(settings, log), {
  service: 'api-gateway',
  log,
  shutdownTimeoutMs: settings.SHUTDOWN_TIMEOUT_MS,
})
