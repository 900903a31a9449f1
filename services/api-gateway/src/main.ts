import { endOnSignal } from '@recargas/runtime/signals'

endOnSignal()
const { createLog, runUntilSignal } = await import('@recargas/runtime')
const { readGatewaySettings } = await import('./config.ts')
const { createApp } = await import('./app.ts')

const settings = readGatewaySettings()
const log = createLog('api-gateway', settings.LOG_LEVEL)

await runUntilSignal(() => createApp(settings, log), {
  service: 'api-gateway',
  log,
  shutdownTimeoutMs: settings.SHUTDOWN_TIMEOUT_MS,
})
