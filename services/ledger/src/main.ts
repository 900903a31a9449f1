import { createLog, readConfigOrExit, runUntilSignal } from '@recargas/service'
import { createApp } from './app.ts'
import { Settings } from './config.ts'

const settings = readConfigOrExit('ledger', Settings)
const log = createLog('ledger', settings.LOG_LEVEL)

await runUntilSignal(() => createApp(settings, log), {
  service: 'ledger',
  log,
  shutdownTimeoutMs: settings.SHUTDOWN_TIMEOUT_MS,
})
