import { endOnSignal } from '@recargas/runtime/signals'

endOnSignal()
const { runService } = await import('@recargas/runtime')
const { readAdapterSettings } = await import('./config.ts')
const { createApp } = await import('./app.ts')

await runService('carrier-adapter', readAdapterSettings(), createApp)
