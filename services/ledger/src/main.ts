import { endOnSignal } from '@recargas/runtime/signals'

endOnSignal()
const { createLog, readConfigOrExit, runUntilSignal } = await import('@recargas/runtime')
const { Settings } = await import('./config.ts')
const { createApp } = await import('./app.ts')

const settings = readConfigOrExit('ledger', Settings)
const isTraced = settings.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined
const log = createLog('ledger', settings.LOG_LEVEL, { isTraced })

await runUntilSignal(() => createApp(settings, log), {
  service: 'ledger',
  log,
  shutdownTimeoutMs: settings.SHUTDOWN_TIMEOUT_MS,
})
