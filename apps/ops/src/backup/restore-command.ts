import { resolve } from 'node:path'
import type { Command } from 'commander'
import { acts, examples, type Act } from '../command.ts'
import { printJson, printLine } from '../print.ts'
import { verifyLedger } from '../proofs.ts'
import { CannotRun } from '@recargas/stack/reach/target'
import { urisOf, withUris, type Uris } from './database-uris.ts'
import { readBackup } from './manifest.ts'
import type { ReplacedUsers } from './service-users.ts'

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

export const restoreCommand = (program: Command): void => {
  acts(
    withUris(program.command('restore'))
      .description('puts the databases back, proves them, and keeps sales out until reconciled')
      .argument('<folder>', 'what backup wrote')
      .option('--replace', 'delete what the databases hold', false)
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
