import { endOnSignal } from '@recargas/runtime/signals'

endOnSignal()
const { createLog, runUntilSignal } = await import('@recargas/runtime')
const { readAdapterSettings } = await import('./config.ts')
const { createApp } = await import('./app.ts')

const settings = readAdapterSettings()
const log = createLog('carrier-adapter', settings.LOG_LEVEL)

await runUntilSignal(() => createApp(settings, log), {
  service: 'carrier-adapter',
  log,
  shutdownTimeoutMs: settings.SHUTDOWN_TIMEOUT_MS,
})
