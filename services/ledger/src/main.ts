import { endOnSignal } from '@recargas/runtime/signals'

endOnSignal()
const { readConfigOrExit, runService } = await import('@recargas/runtime')
const { Settings } = await import('./config.ts')
const { createApp } = await import('./app.ts')

await runService('ledger', readConfigOrExit('ledger', Settings), createApp)
