import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { errorText } from '@recargas/contracts'
import { InvalidArgumentError, type Command } from 'commander'
import { wholeNumber } from '@recargas/stack/given-value'
import { commitOf } from '@recargas/stack/provenance'
import { CannotRun, type Settings } from '@recargas/stack/reach/target'
import { terminal } from '@recargas/stack/reach/terminal'
import { acts, examples, type Act, type ExitCode, type Global } from '../command.ts'
import { ageOf, printJson, printLine, printTable } from '../print.ts'
import { provenIn } from './backup-folder.ts'
import { backupNamed, provenEnd } from './backup-names.ts'
import { urisOf, withUris, type Uris } from './database-uris.ts'
import type { BackupPlan, MadeBackup } from './make-backup.ts'
import { databaseNames, type Manifest } from './manifest.ts'
import { judgeBackups, keepsNothing, type Judged, type Keep } from './retention.ts'
import { untilStopped } from './until-stopped.ts'

type KeepOptions = {
  readonly keepLast: number
  readonly keepDaily: number
  readonly keepWeekly: number
  readonly keepMonthly: number
}
type Options = Uris &
  KeepOptions & {
    readonly dir?: string
    readonly recipient: readonly string[]
    readonly dryRun: boolean
    readonly everyHours?: number
    readonly metricsFile?: string
    readonly metricsPort?: number
  }

const keepOf = ({ keepLast, keepDaily, keepWeekly, keepMonthly }: KeepOptions): Keep => ({
  last: keepLast,
  daily: keepDaily,
  weekly: keepWeekly,
  monthly: keepMonthly,
})

/** An image names the commit that it was built from, and has no checkout. */
const builtCommit = (): string => terminal().environment['BUILD_COMMIT'] || commitOf()

/** Loaded by the commands that need it: the database's driver takes longer to load than most commands to run. */
const backup: Act<Options> = (settings, options, ...[folder]) => {
  if (options.dir === undefined) return intoFolder(settings, options, folder)
  if (folder !== undefined) {
    throw new CannotRun('either a folder for this one backup, or --dir for all of them')
  }
  return intoDirectory(settings, options, resolve(options.dir))
}

const intoFolder = async (
  settings: Settings,
  options: Options & Global,
  folder: string | undefined,
): Promise<ExitCode> => {
  if (folder === undefined) throw new CannotRun('no place: name a folder, or --dir for all backups')
  const { recipient, dryRun, everyHours, metricsFile, metricsPort } = options
  const further = [everyHours, metricsFile, metricsPort].some((each) => each !== undefined)
  if (!keepsNothing(keepOf(options)) || recipient.length > 0 || dryRun || further) {
    throw new CannotRun(
      '--keep-…, --recipient, --dry-run, --every-hours and --metrics-… need --dir',
    )
  }
  const { writeBackup } = await import('./write-backup.ts')
  const manifest = await untilStopped((signal) =>
    writeBackup(resolve(folder), urisOf(settings, options), builtCommit(), signal),
  )
  if (options.json) printJson(manifest)
  else printManifest(manifest, folder)
  return 0
}

const printManifest = (manifest: Manifest, place: string): void => {
  printTable(
    ['database', 'as of', 'collections', 'documents', 'bytes'],
    databaseNames.map((name) => {
      const { at, collections } = manifest[name]
      const sum = (of: 'documents' | 'bytes') =>
        collections.reduce((total, each) => total + each[of], 0)
      return [name, at, collections.length, sum('documents'), sum('bytes')]
    }),
  )
  printLine(`recovery point ${manifest.recoveryPoint}: what was sold later is not in ${place}`)
}

const hourMs = 3_600_000

const intoDirectory = async (
  settings: Settings,
  options: Options & Global,
  folder: string,
): Promise<ExitCode> => {
  const { makeBackup, judgeFolder } = await import('./make-backup.ts')
  const { recipient, metricsFile, metricsPort, everyHours, json } = options
  const now = () => new Date()
  const keep = keepOf(options)
  if (options.dryRun) return showJudged(judgeFolder({ folder, keep, now }), json)
  const plan = (signal: AbortSignal): BackupPlan => ({
    folder,
    uris: urisOf(settings, options),
    commit: builtCommit(),
    keep,
    recipients: recipient,
    ...(metricsFile === undefined ? {} : { metricsFile: resolve(metricsFile) }),
    now,
    signal,
  })
  if (everyHours === undefined) {
    if (metricsPort !== undefined) {
      throw new CannotRun('--metrics-port needs --every-hours; a single run writes --metrics-file')
    }
    return showMade(await untilStopped((signal) => makeBackup(plan(signal))), folder, json)
  }
  const { keepMaking, serveFigures } = await import('./keep-making.ts')
  return untilStopped<ExitCode>(async (signal) => {
    const figures = metricsPort === undefined ? null : await serveFigures(folder, metricsPort)
    await keepMaking(plan(signal), {
      everyMs: everyHours * hourMs,
      onMade: (made) => void showMade(made, folder, json),
      onFailed: (error) => {
        terminal().err(`no backup was made: ${errorText(error)}; it is tried again\n`)
      },
    })
    figures?.stop()
    return 0
  })
}

const showMade = (made: MadeBackup, folder: string, json: boolean): ExitCode => {
  const { name, manifest, removed, left } = made
  const code: ExitCode = left.length === 0 ? 0 : 1
  if (json) {
    printJson({ name, recoveryPoint: manifest.recoveryPoint, removed, left })
    return code
  }
  printManifest(manifest, `${folder}/${name}`)
  for (const each of removed) printLine(`deleted ${each}`)
  for (const each of left) printLine(`could not be deleted: ${each}`)
  return code
}

const showJudged = (judged: readonly Judged[], json: boolean): ExitCode => {
  if (json) {
    printJson(judged.map(({ backup: { name }, reasons }) => ({ name, kept: reasons })))
    return 0
  }
  printTable(
    ['backup', 'age', 'kept as'],
    judged.map(({ backup: { name, at }, reasons }) => [
      name,
      ageOf(at.toISOString()),
      reasons.length === 0 ? 'would be deleted' : reasons.join(', '),
    ]),
  )
  printLine('Dry run: nothing was made and nothing was deleted.')
  return 0
}

/** Judges by names alone, as an object storage lists them. Names of other files are left out, and so never printed. */
const expired: Act<KeepOptions> = (_settings, options) => {
  const keep = keepOf(options)
  if (keepsNothing(keep))
    throw new CannotRun('--keep-… is needed: without a number nothing expires')
  const names = readFileSync(0, 'utf8').split('\n').filter(Boolean)
  const proven = provenIn(names)
  const judged = judgeBackups(
    names.flatMap((name) => backupNamed(name) ?? []),
    { keep, proven, now: new Date() },
  )
  const gone = judged.flatMap(({ backup: { name }, reasons }) =>
    reasons.length > 0 ? [] : proven.has(name) ? [name, `${name}${provenEnd}`] : [name],
  )
  if (options.json) printJson(gone)
  else for (const name of gone) printLine(name)
  return Promise.resolve(0)
}

const keepMax = 10_000
const withKeep = (command: Command): Command =>
  command
    .option('--keep-last <n>', 'keep the newest ones', wholeNumber(0, keepMax), 0)
    .option('--keep-daily <n>', 'the newest of each of n days', wholeNumber(0, keepMax), 0)
    .option('--keep-weekly <n>', 'the newest of each of n weeks', wholeNumber(0, keepMax), 0)
    .option('--keep-monthly <n>', 'the newest of each of n months', wholeNumber(0, keepMax), 0)

const hoursMax = 24 * 31
const portMax = 65_535

const recipientOf = (text: string, before: readonly string[]): readonly string[] => {
  if (/^age1[a-z0-9]+$/.test(text)) return [...before, text]
  throw new InvalidArgumentError('a public key of age: age1…')
}

export const backupCommand = (program: Command): void => {
  acts(
    withKeep(withUris(program.command('backup')))
      .description('writes the databases into a folder while they are in use, with a manifest')
      .argument('[folder]', 'new or empty, for this one backup')
      .option('--dir <folder>', 'all backups, each under its own name; the --keep-… delete in it')
      .option(
        '--recipient <key>',
        'encrypts for a public key of age; may be repeated',
        recipientOf,
        [],
      )
      .option('--dry-run', 'shows the backups that would be kept and deleted', false)
      .option('--every-hours <n>', 'goes on and makes one when it is due', wholeNumber(1, hoursMax))
      .option('--metrics-file <path>', 'figures for the node exporter of Prometheus')
      .option('--metrics-port <port>', 'serves them at /metrics', wholeNumber(1, portMax))
      .addHelpText(
        'after',
        examples(
          'backup /backups/monday',
          'backup --dir /backups/recargas --keep-daily 7 --keep-weekly 5 --dry-run',
        ),
      ),
    backup,
  )
  acts(
    withKeep(program.command('expired-backups'))
      .description(
        'reads names of backups from standard input and prints those that may be deleted',
      )
      .addHelpText('after', examples('expired-backups --keep-daily 7 --keep-weekly 5')),
    expired,
  )
}
