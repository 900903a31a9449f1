import { endOnSignal } from '@recargas/runtime/signals'

endOnSignal()
const { runService } = await import('@recargas/runtime')
const { readGatewaySettings } = await import('./config.ts')
const { createApp } = await import('./app.ts')

await runService('api-gateway', readGatewaySettings(), createApp)
