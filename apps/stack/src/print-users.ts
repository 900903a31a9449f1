import { parseArgs } from 'node:util'
import { errorText } from '@recargas/contracts'
import { environmentValue } from './given-value.ts'
import { ensureUsers, passwordsBy } from './users.ts'

const help = `Makes the least-privilege users of the services on servers of your own, or gives those that are there these
rights and passwords. Safe to repeat; npm start and compose do it by themselves.

  npm run users

Reads, each also as NAME_FILE:
  MONGODB_URI            of an administrator; the server, any database
  RABBIT_MANAGEMENT_URL  http(s)://administrator:password@host:15672
  AMQP_URL               amqp(s)://host:5672/vhost; the virtual host is there already
  LEDGER_DATABASE, ADAPTER_DATABASE          recargas_ledger, recargas_adapter
  BROKER_GATEWAY_PASSWORD, BROKER_LEDGER_PASSWORD, BROKER_ADAPTER_PASSWORD
  DATABASE_LEDGER_PASSWORD, DATABASE_ADAPTER_PASSWORD, DATABASE_AUDITOR_PASSWORD

The services then run as gateway, ledger and adapter; auditor reads all databases (npm run verify, dumps, backups).
Exit code: 0 they are made, 2 they could not be.`

const needed = (name: string): string => {
  const value = environmentValue(name)
  if (value === undefined) throw new Error(`${name} is needed: npm run users -- --help`)
  return value
}

const run = async (): Promise<void> => {
  const { values } = parseArgs({
    options: { help: { type: 'boolean', short: 'h', default: false } },
  })
  if (values.help) {
    console.log(help)
    return
  }
  const administration = {
    mongodbUri: needed('MONGODB_URI'),
    managementUrl: needed('RABBIT_MANAGEMENT_URL'),
    amqpUrl: needed('AMQP_URL'),
  }
  const databases = {
    ledger: environmentValue('LEDGER_DATABASE') ?? 'recargas_ledger',
    adapter: environmentValue('ADAPTER_DATABASE') ?? 'recargas_adapter',
  }
  const passwords = passwordsBy((name) =>
    needed(`${name.toUpperCase().replaceAll('-', '_')}_PASSWORD`),
  )
  await ensureUsers(administration, databases, passwords)
  console.log(
    'users: gateway, ledger and adapter at the broker; ledger, adapter and auditor at the database',
  )
}

await run().catch((error: unknown) => {
  console.error(errorText(error))
  process.exitCode = 2
})
