import { endOnSignal } from '@recargas/runtime/signals'

endOnSignal()
const { createLog, readConfigOrExit, runUntilSignal } = await import('@recargas/runtime')
const { Settings } = await import('./config.ts')
const { createApp } = await import('./app.ts')

const settings = readConfigOrExit('ledger', Settings)
const log = createLog('ledger', settings.LOG_LEVEL)

await runUntilSignal(() => createApp(settings, log), {
  service: 'ledger',
  log,
  shutdownTimeoutMs: settings.SHUTDOWN_TIMEOUT_MS,
})
