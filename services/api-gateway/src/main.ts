import { endOnSignal } from '@recargas/runtime/signals'

endOnSignal()
const { createLog, runUntilSignal } = await import('@recargas/runtime')
const { readGatewaySettings } = await import('./config.ts')
const { createApp } = await import('./app.ts')

const settings = readGatewaySettings()
const isTraced = settings.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined
const log = createLog('api-gateway', settings.LOG_LEVEL, { isTraced })

await runUntilSignal(() => createApp(settings, log), {
  service: 'api-gateway',
  log,
  shutdownTimeoutMs: settings.SHUTDOWN_TIMEOUT_MS,
})
