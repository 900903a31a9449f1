import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { CannotRun, Wrong } from '@recargas/stack/reach/target'
import { roomIn } from './backup-folder.ts'
import { compareWithRunning, type Comparison } from './compare-with-running.ts'
import {
  dropScratch,
  openScratch,
  refuseRunning,
  runningNames,
  scratchNames,
  type Scratch,
} from './drill-databases.ts'
import { loadDatabases, sellingCollection } from './load-databases.ts'
import { DamagedBackup, databaseNames, readBackup, type Manifest } from './manifest.ts'
import { isSealed, openSealed } from './seal.ts'

export type DrillPlan = {
  /** A folder of `ops backup`, or a file of it that age encrypted. */
  readonly backup: string
  /** File with the private key of age; needed for an encrypted one. */
  readonly identity?: string
  /** An encrypted backup is unpacked below it. */
  readonly work: string
  /** The running system: it is compared, and its names are refused. */
  readonly running: Readonly<Partial<Record<'adapter' | 'ledger', string>>>
  /** Holds the scratch databases, as a user that may make and drop them. */
  readonly server: string
  readonly scratch: string
  readonly keep: boolean
  /** Proves a ledger. @returns how much is wrong */
  readonly verify: (ledgerUri: string, signal: AbortSignal) => Promise<number>
  /** Writes the projections of a ledger that nothing uses. */
  readonly project: (ledgerUri: string, signal: AbortSignal) => Promise<void>
  readonly onStep: (step: DrillStep) => void
  readonly now: () => Date
  readonly nowMs: () => number
  readonly signal: AbortSignal
}

/** `check` reads every file, `prove` walks the restored log, `compare` holds the projections and the running log to it. */
export type StepName = 'unpack' | 'check' | 'load' | 'prove' | 'project' | 'compare'
export type DrillStep = { readonly step: StepName; readonly seconds: number; readonly says: string }

export type DrillResult = {
  readonly at: string
  readonly backup: string
  readonly passed: boolean
  /** Recovery point: later sales are not in the backup. */
  readonly recoveryPoint: string
  readonly ageSeconds: number
  /** Recovery time: everything that a restore of this backup takes until the services may start. */
  readonly restoreSeconds: number
  readonly documents: number
  readonly steps: readonly DrillStep[]
  readonly findings: readonly string[]
  readonly running: Comparison
  /** Databases that were kept; none: they were dropped. */
  readonly kept: readonly string[]
}

/**
 * Restores a backup into scratch databases, proves it, and drops them. Of the running system it reads a few blocks, no more.
 * @throws CannotRun where the drill could not be run, Wrong where the backup is no good
 */
export const runDrill = async (plan: DrillPlan): Promise<DrillResult> => {
  const names = scratchNames(plan.scratch)
  const { ledger, adapter } = plan.running
  if (ledger !== undefined) {
    refuseRunning(names, runningNames({ ledger, adapter: adapter ?? ledger }))
  }
  const steps: DrillStep[] = []
  const timed = async <Result>(
    step: StepName,
    work: () => Promise<Result>,
    says: (result: Result) => string,
  ): Promise<Result> => {
    plan.signal.throwIfAborted()
    const startedMs = plan.nowMs()
    const result = await work()
    const seconds = Math.round(plan.nowMs() - startedMs) / 1_000
    steps.push({ step, seconds, says: says(result) })
    plan.onStep({ step, seconds, says: says(result) })
    return result
  }
  const unpacked = await unpack(plan, timed)
  let scratch: Scratch | null = null
  try {
    const manifest = await timed('check', () => readBackup(unpacked.folder), shownFiles)
    scratch = await openScratch(plan.server, names, bytesOf(manifest))
    return await restoreAndProve(plan, { folder: unpacked.folder, manifest, scratch, steps, timed })
  } catch (error) {
    throw plan.signal.aborted
      ? new CannotRun(`stopped: the scratch databases are ${plan.keep ? 'kept' : 'dropped'}`)
      : damageFound(error)
  } finally {
    await scratch?.client.close(true)
    if (scratch !== null && !plan.keep) await dropScratch(plan.server, names)
    unpacked.remove()
  }
}

type Timed = <Result>(
  step: StepName,
  work: () => Promise<Result>,
  says: (result: Result) => string,
) => Promise<Result>

/** A drill exists to find this: it ends like every check that found something. */
const damageFound = (error: unknown): unknown =>
  error instanceof DamagedBackup ? new Wrong(error.message, { cause: error }) : error

const unpack = async (
  { backup, identity, work, signal }: DrillPlan,
  timed: Timed,
): Promise<{ readonly folder: string; readonly remove: () => void }> => {
  const found = statSync(backup, { throwIfNoEntry: false })
  if (found === undefined) throw new CannotRun(`${backup}: there is no such backup`)
  if (found.isDirectory()) return { folder: backup, remove: () => undefined }
  if (!found.isFile() || !isSealed(backup)) {
    throw new CannotRun(
      `${backup} is no backup: neither a folder with a manifest nor a file that age has encrypted`,
    )
  }
  if (identity === undefined) {
    throw new CannotRun(`${backup} is encrypted: --identity names the file with its private key`)
  }
  const free = roomIn(work)
  if (free < found.size) {
    throw new CannotRun(
      `${work} has ${free} bytes free, and the backup holds ${found.size}: --work a folder with more`,
    )
  }
  const folder = mkdtempSync(join(work, 'recargas-drill-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    await timed(
      'unpack',
      () => openSealed(backup, folder, identity, signal),
      () => `${found.size} bytes decrypted`,
    )
    return { folder, remove }
  } catch (error) {
    remove()
    throw signal.aborted ? new CannotRun('stopped: nothing was restored') : damageFound(error)
  }
}

const filesOf = (manifest: Manifest) => databaseNames.flatMap((name) => manifest[name].collections)
const bytesOf = (manifest: Manifest): number =>
  filesOf(manifest).reduce((sum, { bytes }) => sum + bytes, 0)
const shownFiles = (manifest: Manifest): string =>
  `${filesOf(manifest).length} files as their manifest says, ${bytesOf(manifest)} bytes`

type Restoring = {
  readonly folder: string
  readonly manifest: Manifest
  readonly scratch: Scratch
  readonly steps: readonly DrillStep[]
  readonly timed: Timed
}

const restoreAndProve = async (
  plan: DrillPlan,
  { folder, manifest, scratch, steps, timed }: Restoring,
): Promise<DrillResult> => {
  const { signal, now, nowMs } = plan
  const { databases, ledgerUri, names } = scratch
  const startedMs = nowMs()
  const before = steps.reduce((sum, { seconds }) => sum + seconds, 0)
  const load = async (): Promise<number> => {
    // A ledger that somebody starts on it sells nothing.
    const recoveryPoint = new Date(manifest.recoveryPoint)
    const frozen = { _id: 'selling', open: false, since: now(), recoveryPoint, lastRun: 0 }
    await databases.ledger.collection<{ _id: string }>(sellingCollection).insertOne(frozen)
    return loadDatabases(folder, manifest, databases, signal)
  }
  const documents = await timed('load', load, (count) => `${count} documents`)
  const findings = [...(await missingDocuments(manifest, scratch))]
  const proven = await timed(
    'prove',
    () => plan.verify(ledgerUri, signal),
    (found) => (found === 0 ? 'the log is whole' : `${found} findings`),
  )
  // A damaged log has no projections to speak of.
  if (proven === 0) {
    await timed(
      'project',
      () => plan.project(ledgerUri, signal),
      () => 'projections made anew',
    )
  }
  const restoreSeconds = Math.round(before * 1_000 + nowMs() - startedMs) / 1_000
  const compared = await timed(
    'compare',
    async () => ({
      found: proven > 0 ? 0 : await plan.verify(ledgerUri, signal),
      running: await compareWithRunning(databases.blocks, plan.running.ledger),
    }),
    ({ running }) =>
      running.kind === 'compared'
        ? `projections, and the last blocks of ${running.partitions} partitions in the running ledger`
        : `projections; not the running ledger: ${running.reason}`,
  )
  if (proven > 0)
    findings.push(`the restored log has ${proven} findings: npm run verify shows them`)
  if (compared.found > 0)
    findings.push(`the projections made of it have ${compared.found} findings`)
  if (compared.running.kind === 'compared') findings.push(...compared.running.findings)
  return {
    at: now().toISOString(),
    backup: plan.backup,
    passed: findings.length === 0,
    recoveryPoint: manifest.recoveryPoint,
    ageSeconds: Math.round((now().getTime() - Date.parse(manifest.recoveryPoint)) / 1_000),
    restoreSeconds,
    documents,
    steps,
    findings,
    running: compared.running,
    kept: plan.keep ? Object.values(names) : [],
  }
}

/** The database holds what the manifest counts, and not only what the files said. */
const missingDocuments = async (
  manifest: Manifest,
  { databases }: Scratch,
): Promise<readonly string[]> => {
  const findings: string[] = []
  for (const database of databaseNames) {
    for (const { name, documents } of manifest[database].collections) {
      if (database === 'ledger' && name === sellingCollection) continue
      const held = await databases[database].collection(name).countDocuments()
      if (held !== documents) {
        findings.push(`${database}.${name} holds ${held} documents, its manifest ${documents}`)
      }
    }
  }
  return findings
}
