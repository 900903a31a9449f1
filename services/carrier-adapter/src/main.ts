import { endOnSignal } from '@recargas/runtime/signals'

endOnSignal()
const { createLog, runUntilSignal } = await import('@recargas/runtime')
const { readAdapterSettings } = await import('./config.ts')
const { createApp } = await import('./app.ts')

const settings = readAdapterSettings()
const isTraced = settings.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined
const log = createLog('carrier-adapter', settings.LOG_LEVEL, { isTraced })

await runUntilSignal(() => createApp(settings, log), {
  service: 'carrier-adapter',
  log,
  shutdownTimeoutMs: settings.SHUTDOWN_TIMEOUT_MS,
})
