/**
 * The peers that the ledger is compared with, as processes of their own like ours: the role is the argument, the rest comes in
 * the environment. Started by the bench only.
 */
const setting = (name: string): string => {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set: peers are started by the bench`)
  return value
}

const run = async (role: string): Promise<void> => {
  switch (role) {
    case 'gateway': {
      const { runGateway } = await import('./gateway.ts')
      return runGateway({
        amqpUrl: setting('AMQP_URL'),
        port: Number(setting('PORT')),
        jwtSecret: setting('JWT_SECRET'),
      })
    }
    case 'adapter': {
      const { runAdapter } = await import('./adapter.ts')
      return runAdapter({ amqpUrl: setting('AMQP_URL'), carrierUrl: setting('CARRIER_URL') })
    }
    case 'bare-ledger': {
      const { runBareLedger } = await import('./bare-ledger.ts')
      return runBareLedger({ amqpUrl: setting('AMQP_URL') })
    }
    case 'trio-ledger': {
      const { runTrioLedger } = await import('./trio-ledger.ts')
      return runTrioLedger({ amqpUrl: setting('AMQP_URL'), mongodbUri: setting('MONGODB_URI') })
    }
    case 'carrier': {
      const { runCarrier } = await import('./carrier.ts')
      runCarrier(Number(setting('PORT')))
      return
    }
    case 'medici': {
      const { runMedici } = await import('./medici.ts')
      const options = {
        clients: Number(setting('CLIENTS')),
        seconds: Number(setting('SECONDS')),
      }
      console.log(JSON.stringify(await runMedici(setting('MONGODB_URI'), options)))
      return
    }
    case 'raw-commit': {
      const { runRawCommit } = await import('./raw-commit.ts')
      const options = {
        from: setting('FROM'),
        to: setting('TO'),
        partition: Number(setting('PARTITION')),
        groups: setting('GROUP_ENDS').split(',').map(Number),
      }
      console.log(JSON.stringify(await runRawCommit(setting('MONGODB_URI'), options)))
      return
    }
    case 'raw-read': {
      const { runRawRead } = await import('./raw-read.ts')
      console.log(JSON.stringify(await runRawRead(setting('MONGODB_URI'))))
      return
    }
    default:
      throw new Error(`no peer ${role}`)
  }
}

await run(process.argv[2] ?? '')
