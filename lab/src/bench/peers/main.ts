/**
 * The peers that the ledger is compared with, as processes of their own like ours: the role is the argument, the rest comes in
 * the environment. Started by the bench only.
 */
const setting = (name: string): string => {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set: peers are started by the bench`)
  return value
}
const amqpUrl = () => setting('AMQP_URL')
const mongodbUri = () => setting('MONGODB_URI')
const port = () => Number(setting('PORT'))

/** Those with figures print them as JSON when they have ended. */
const roles: Readonly<Record<string, () => Promise<unknown>>> = {
  gateway: async () => {
    const { runGateway } = await import('./gateway.ts')
    await runGateway({ amqpUrl: amqpUrl(), port: port(), jwtSecret: setting('JWT_SECRET') })
  },
  adapter: async () => {
    const { runAdapter } = await import('./adapter.ts')
    await runAdapter({ amqpUrl: amqpUrl(), carrierUrl: setting('CARRIER_URL') })
  },
  'bare-ledger': async () => (await import('./bare-ledger.ts')).runBareLedger(amqpUrl()),
  'trio-ledger': async () => {
    const { runTrioLedger } = await import('./trio-ledger.ts')
    await runTrioLedger({ amqpUrl: amqpUrl(), mongodbUri: mongodbUri() })
  },
  carrier: async () => (await import('./carrier.ts')).runCarrier(port()),
  medici: async () => {
    const { runMedici } = await import('./medici.ts')
    const [clients, seconds] = [Number(setting('CLIENTS')), Number(setting('SECONDS'))]
    return runMedici(mongodbUri(), { clients, seconds })
  },
  'raw-commit': async () => {
    const { runRawCommit } = await import('./raw-commit.ts')
    return runRawCommit(mongodbUri(), {
      from: setting('FROM'),
      to: setting('TO'),
      partition: Number(setting('PARTITION')),
      groups: setting('GROUP_ENDS').split(',').map(Number),
    })
  },
  'raw-read': async () => (await import('./raw-read.ts')).runRawRead(mongodbUri()),
}

const role = roles[process.argv[2] ?? '']
if (role === undefined) throw new Error(`no peer ${process.argv[2] ?? ''}`)
const figures = await role()
if (figures !== undefined) console.log(JSON.stringify(figures))
