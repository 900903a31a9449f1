/** The processes of a stack: the carrier's sandbox and the three services. */
export const serviceNames = ['sandbox', 'ledger', 'adapter', 'gateway'] as const
export type ServiceName = (typeof serviceNames)[number]
export type PerService<Value> = Readonly<Record<ServiceName, Value>>

export const defaultPorts: PerService<number> = {
  gateway: 3000,
  ledger: 3001,
  adapter: 3002,
  sandbox: 3003,
}

/** Programs as built, below the repository. */
export const mains: PerService<string> = {
  sandbox: 'packages/tpaga-sandbox/dist/main.js',
  ledger: 'services/ledger/dist/main.js',
  adapter: 'services/carrier-adapter/dist/main.js',
  gateway: 'services/api-gateway/dist/main.js',
}
