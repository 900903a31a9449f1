import { resolve } from 'node:path'
import type { Command } from 'commander'
import { acts, examples, type Act } from '../command.ts'
import { printJson, printLine, printTable } from '../print.ts'
import { verifyLedger } from '../proofs.ts'
import { CannotRun, type Settings } from '@recargas/stack/reach/target'
import { commitOf } from '@recargas/stack/provenance'
import { databaseNames, readBackup } from './manifest.ts'
import type { ReplacedUsers, Service } from './service-users.ts'

type Uris = { readonly ledgerUri?: string; readonly adapterUri?: string }

const urisOf = (settings: Settings, options: Uris): Readonly<Record<Service, string>> => ({
  ledger: options.ledgerUri ?? settings.need('LEDGER_MONGODB_URI'),
  adapter: options.adapterUri ?? settings.need('ADAPTER_MONGODB_URI'),
})

/** Loaded by the commands that need it: the database's driver takes longer to load than most commands to run. */
const backup: Act<Uris> = async (settings, options, folder = '') => {
  const { writeBackup } = await import('./write-backup.ts')
  const manifest = await writeBackup(resolve(folder), urisOf(settings, options), commitOf())
  if (options.json) {
    printJson(manifest)
    return 0
  }
  printTable(
    ['database', 'as of', 'collections', 'documents', 'bytes'],
    databaseNames.map((name) => {
      const { at, collections } = manifest[name]
      const sum = (of: 'documents' | 'bytes') =>
        collections.reduce((total, each) => total + each[of], 0)
      return [name, at, collections.length, sum('documents'), sum('bytes')]
    }),
  )
  printLine(`recovery point ${manifest.recoveryPoint}: what was sold later is not in ${folder}`)
  return 0
}

type Restore = Uris & {
  readonly replace: boolean
  readonly amqpUrl?: string
  readonly brokerIsNew: boolean
  readonly secrets?: string
}

const restore: Act<Restore> = async (settings, options, folder = '') => {
  const { restoreBackup } = await import('./restore-backup.ts')
  const { emptyBroker } = await import('./empty-broker.ts')
  for (const name of ['LEDGER_URL', 'ADAPTER_URL'] as const)
    await mustBeStopped(settings.find(name))
  const path = resolve(folder)
  const manifest = await readBackup(path)
  const amqpUrl = options.amqpUrl ?? settings.find('AMQP_URL')
  if (amqpUrl === undefined && !options.brokerIsNew) {
    throw new CannotRun('AMQP_URL is needed, to empty the queues; or --broker-is-new')
  }
  const { newPasswordsFor } = await import('./new-passwords.ts')
  const uris = urisOf(settings, options)
  const passwords = newPasswordsFor(uris, options.secrets)
  const restored = await restoreBackup({
    folder: path,
    manifest,
    uris,
    replace: options.replace,
    newPasswords: passwords.make,
    verify: async (uri) => (await verifyLedger(uri)).found,
    emptyBroker: () =>
      options.brokerIsNew || amqpUrl === undefined ? Promise.resolve() : emptyBroker(amqpUrl),
    now: () => new Date(),
  })
  if (options.json) {
    printJson(restored)
    return 0
  }
  printLine(
    `${restored.documents} documents restored, as of ${restored.recoveryPoint}; the ledger is proven`,
  )
  printUsers(restored.users, passwords.place)
  printLine('Start the services. Nothing is sold until: npm run ops -- reconcile')
  return 0
}

const printUsers = ({ users, isAccessControlled }: ReplacedUsers, place: string): void => {
  if (users.length > 0) {
    printLine(`${users.join(', ')} have new passwords: ${place}`)
  }
  if (!isAccessControlled) {
    printLine('The server asks for no password: a service of before that still runs can write.')
  } else if (users.length === 0) {
    printLine('No service has a user of its own: one of before that still runs can write.')
  }
}

const answerTimeoutMs = 2_000

const mustBeStopped = async (url: string | undefined): Promise<void> => {
  if (url === undefined) return
  const isUp = await fetch(new URL('/live', url), { signal: AbortSignal.timeout(answerTimeoutMs) })
    .then(() => true)
    .catch(() => false)
  if (isUp) throw new CannotRun(`${url} answers: stop every service before a restore`)
}

export const backupCommands = (program: Command): void => {
  acts(
    program
      .command('backup')
      .description('writes the databases into a folder while they are in use, with a manifest')
      .argument('<folder>', 'new or empty')
      .option('--ledger-uri <uri>', 'the ledger’s database (LEDGER_MONGODB_URI)')
      .option('--adapter-uri <uri>', 'the adapter’s database (ADAPTER_MONGODB_URI)')
      .addHelpText('after', examples('backup /backups/monday')),
    backup,
  )
  acts(
    program
      .command('restore')
      .description('puts the databases back, proves them, and keeps sales out until reconciled')
      .argument('<folder>', 'what backup wrote')
      .option('--replace', 'delete what the databases hold', false)
      .option('--ledger-uri <uri>', 'the ledger’s database (LEDGER_MONGODB_URI)')
      .option('--adapter-uri <uri>', 'the adapter’s database (ADAPTER_MONGODB_URI)')
      .option(
        '--secrets <folder>',
        'gets the services’ new addresses, as files; else npm start does',
      )
      .option('--amqp-url <url>', 'the broker, whose queues are emptied (AMQP_URL)')
      .option('--broker-is-new', 'the broker has no queues to empty', false)
      .addHelpText('after', examples('restore /backups/monday --replace')),
    restore,
  )
}
