import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { InvalidArgumentError, type Command } from 'commander'
import { CannotRun } from '@recargas/stack/reach/target'
import { acts, examples, type Act } from '../command.ts'
import { ageOf, printJson, printLine, printTable } from '../print.ts'
import { runTool, verifyLedger } from '../proofs.ts'
import { readBackupFolder } from './backup-folder.ts'
import { backupNamed, provenEnd } from './backup-names.ts'
import type { DrillResult } from './drill.ts'
import { withUris, type Uris } from './database-uris.ts'
import { untilStopped } from './until-stopped.ts'

type Options = Uris & {
  readonly from: string
  readonly dir?: string
  readonly identity?: string
  readonly server?: string
  readonly scratch?: string
  readonly work: string
  readonly keep: boolean
  readonly out?: string
}

const newest = 'newest'

const chosenBackup = ({ from, dir }: Options): string => {
  if (from !== newest) return resolve(from)
  if (dir === undefined)
    throw new CannotRun('no backup: --from names one, or --dir a folder of them')
  const { backups } = readBackupFolder(resolve(dir))
  const [last] = [...backups].sort((a, b) => b.at.getTime() - a.at.getTime())
  if (last === undefined) throw new CannotRun(`${dir} holds no finished backup`)
  return join(resolve(dir), last.name)
}

const projectAlone = async (uri: string, signal: AbortSignal): Promise<void> => {
  const { code } = await runTool('rebuild', ['--alone', '--json'], { MONGODB_URI: uri }, signal)
  if (code !== 0) throw new CannotRun('the projections could not be made: see the output above')
}

const drill: Act<Options> = async (settings, options) => {
  const backup = chosenBackup(options)
  const ledger = options.ledgerUri ?? settings.find('LEDGER_MONGODB_URI')
  const adapter = options.adapterUri ?? settings.find('ADAPTER_MONGODB_URI')
  const server = options.server ?? ledger
  if (server === undefined) {
    throw new CannotRun('--server is needed: the MongoDB that holds the scratch databases')
  }
  const { runDrill } = await import('./drill.ts')
  const result = await untilStopped((signal) =>
    runDrill({
      backup,
      ...(options.identity === undefined ? {} : { identity: resolve(options.identity) }),
      work: resolve(options.work),
      running: {
        ...(ledger === undefined ? {} : { ledger }),
        ...(adapter === undefined ? {} : { adapter }),
      },
      server,
      scratch: options.scratch ?? `drill_${randomBytes(4).toString('hex')}`,
      keep: options.keep,
      verify: async (uri, stop) => (await verifyLedger(uri, stop)).found,
      project: projectAlone,
      onStep: ({ step, seconds, says }) => {
        if (!options.json)
          printLine(`${step.padEnd(8)} ${seconds.toFixed(1).padStart(8)} s  ${says}`)
      },
      now: () => new Date(),
      nowMs: () => performance.now(),
      signal,
    }),
  )
  const text = `${JSON.stringify(result, null, 2)}\n`
  if (options.out !== undefined) writeFileSync(options.out, text)
  // Retention keeps the newest that has such a record, and the figure of the last drill is its time.
  if (result.passed && backupNamed(basename(backup)) !== null) {
    writeFileSync(join(dirname(backup), `${basename(backup)}${provenEnd}`), text)
  }
  if (options.json) printJson(result)
  else print(result)
  return result.passed ? 0 : 1
}

const print = (result: DrillResult): void => {
  for (const finding of result.findings) printLine(`✗ ${finding}`)
  printTable(
    ['figure', 'value'],
    [
      ['result', result.passed ? 'the backup can be restored' : 'take another backup'],
      ['recovery time', `${result.restoreSeconds.toFixed(1)} s until services may start`],
      ['recovery point', `${result.recoveryPoint}, ${ageOf(result.recoveryPoint)} ago`],
      ['documents', result.documents],
    ],
  )
  if (result.kept.length > 0) printLine(`kept: ${result.kept.join(', ')}`)
}

const scratchOf = (text: string): string => {
  if (/^[A-Za-z][\w-]{0,31}$/.test(text)) return text
  throw new InvalidArgumentError('a letter, then up to 31 letters, digits, _ and -')
}

export const drillCommand = (program: Command): void => {
  acts(
    withUris(program.command('drill'))
      .description('restores a backup into scratch databases, proves it, and drops them again')
      .option('--from <backup>', 'a folder or an encrypted file; newest: that of --dir', newest)
      .option('--dir <folder>', 'the folder that backup --dir fills')
      .option('--identity <file>', 'private key of age, for an encrypted backup')
      .option(
        '--server <uri>',
        'MongoDB of the scratch databases, as an administrator; else the running one',
      )
      .option(
        '--scratch <name>',
        'begins the names of the scratch databases; else drill_…',
        scratchOf,
      )
      .option('--work <folder>', 'where an encrypted backup is unpacked', tmpdir())
      .option('--keep', 'drops no scratch databases', false)
      .option('--out <file>', 'gets the result as JSON')
      .addHelpText(
        'after',
        examples('drill --from /backups/monday', 'drill --dir /backups/recargas --out drill.json'),
      ),
    drill,
  )
}
