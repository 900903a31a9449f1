import { createLog, runUntilSignal } from '@recargas/service'
import { createApp } from './app.ts'
import { readAdapterSettings } from './config.ts'

const settings = readAdapterSettings()
const log = createLog('carrier-adapter', settings.LOG_LEVEL)

await runUntilSignal(() => createApp(settings, log), {
  service: 'carrier-adapter',
  log,
  shutdownTimeoutMs: settings.SHUTDOWN_TIMEOUT_MS,
})
