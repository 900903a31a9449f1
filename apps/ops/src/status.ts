import {
  areHeldSalesWell,
  areVersionsOne,
  formatDecimal,
  isPartWell,
  isProofWell,
  isReconciliationWell,
  provenAt,
  readInstallation,
  type CarrierStates,
  type InstallationStatus,
  type LatestRun,
  type Overview,
  type ProofProgress,
  type QuarantineGroups,
  type RetiredCajas,
  type SellingState,
  type StatusReads,
  type Answered,
} from '@recargas/contracts'
import type { Command } from 'commander'
import { ask, send } from '@recargas/stack/reach/client'
import { operationsOf } from './carrier.ts'
import { acts, examples, type Act } from './command.ts'
import { ageOf, printJson, printTable } from './print.ts'
import type { Settings } from '@recargas/stack/reach/target'

/** One row: `well` is false when a person must act, and `says` tells the action. */
type Finding = {
  readonly what: string
  readonly well: boolean
  readonly says: string
}

const overHttp = (settings: Settings): StatusReads => ({
  probe: async (service, path) => (await send(settings, service, path)).body,
  ask: (service, path, schema) => ask(settings, service, path, schema),
})

const findingsOf = (status: InstallationStatus, now: number): readonly Finding[] => [
  ...status.services.flatMap(partsOf),
  versionsOf(status),
  ...rowsOf('selling', status.selling, sellingOf),
  ...rowsOf('carrier', status.carriers, carrierOf),
  ...rowsOf('money', status.money, (overview) => moneyOf(overview, now)),
  ...rowsOf('retired cajas', status.retiredCajas, retiredCajasOf),
  ...rowsOf('quarantine', status.quarantine, quarantineOf),
  ...rowsOf('reconciliation', status.reconciliation, (run) => reconciliationOf(run, now)),
  ...rowsOf('proof', status.proof, (progress) => proofOf(progress, now)),
]

const rowsOf = <Value>(
  what: string,
  part: Answered<Value>,
  rows: (value: Value) => readonly Finding[],
): readonly Finding[] =>
  part.kind === 'answered' ? rows(part.value) : [{ what, well: false, says: part.reason }]

const partsOf = ({ service, parts }: InstallationStatus['services'][number]): readonly Finding[] =>
  rowsOf(service, parts, (each) =>
    each.map((part) => ({
      what: `${service} ${part.name}`,
      well: isPartWell(part),
      says: part.reason ?? 'ready',
    })),
  )

const versionsOf = (status: InstallationStatus): Finding => {
  const well = areVersionsOne(status)
  const versions = status.services.map(({ service, version }) => ({
    service,
    version: version ?? 'unknown',
  }))
  const says = well
    ? (versions[0]?.version ?? 'unknown')
    : versions.map(({ service, version }) => `${service} ${version}`).join(', ')
  return { what: 'versions', well, says }
}

const sellingOf = ({ open, reason }: SellingState): readonly Finding[] => [
  { what: 'selling', well: open, says: reason ?? 'open' },
]

const carrierOf = (states: CarrierStates): readonly Finding[] =>
  operationsOf(states).map(({ name, state: { available, breaker, reason } }) => ({
    what: name,
    well: available,
    says: reason ?? `breaker ${breaker}`,
  }))

const moneyOf = ({ held, lowFloats, openCases }: Overview, now: number): readonly Finding[] => {
  const of = (state: 'reserved' | 'in-review') => held.find((each) => each.state === state)
  return [
    heldOf(of('reserved'), now),
    inReviewOf(of('in-review'), now),
    lowOf(lowFloats),
    casesOf(openCases),
  ]
}

type Held = Overview['held'][number] | undefined

const countOf = (held: Held, now: number): string =>
  held === undefined || held.count === 0 || held.oldestAt === null
    ? 'none'
    : `${held.count}, the oldest for ${ageOf(held.oldestAt, now)}`

const heldOf = (held: Held, now: number): Finding => {
  const well = areHeldSalesWell(held?.oldestAt ?? null, now)
  const hint = well ? '' : ': npm run ops -- pending'
  return { what: 'held sales', well, says: `${countOf(held, now)}${hint}` }
}

const inReviewOf = (held: Held, now: number): Finding => {
  const well = (held?.count ?? 0) === 0
  const hint = well ? '' : ': npm run ops -- review'
  return { what: 'in review', well, says: `${countOf(held, now)}${hint}` }
}

const lowOf = (lowFloats: Overview['lowFloats']): Finding => {
  const floats = lowFloats.map(
    ({ merchant, operator, available, currency, runwayMinutes }) =>
      `${merchant}/${operator} ${formatDecimal(available, currency)} ${currency}` +
      (runwayMinutes === null ? '' : ` lasts ${runwayMinutes} min`),
  )
  return {
    what: 'low floats',
    well: floats.length === 0,
    says: floats.length === 0 ? 'none' : floats.join(', '),
  }
}

const casesOf = (openCases: Overview['openCases']): Finding => {
  const open = openCases.filter(({ count }) => count > 0)
  const says = open.map(({ kind, count }) => `${count} ${kind}`).join(', ')
  return {
    what: 'open cases',
    well: open.length === 0,
    says: open.length === 0 ? 'none' : `${says}: npm run ops -- cases list`,
  }
}

/** No till sees a retired caja: its money is in no arqueo until a person books it. */
const retiredCajasOf = (cajas: RetiredCajas): readonly Finding[] => {
  const well = cajas.length === 0
  const says = well ? 'none holds money' : `${cajas.length} with money: npm run ops -- cajas`
  return [{ what: 'retired cajas', well, says }]
}

const quarantineOf = (groups: QuarantineGroups): readonly Finding[] => {
  const count = groups.reduce((sum, group) => sum + group.count, 0)
  const says = count === 0 ? 'empty' : `${count} messages wait: npm run ops -- quarantine list`
  return [{ what: 'quarantine', well: count === 0, says }]
}

const reconciliationOf = (run: LatestRun | null, now: number): readonly Finding[] => {
  const range =
    run === null || run.uncertain === 0 ? '' : `, a range of ${run.uncertain} was compared`
  const says =
    run === null
      ? 'never: npm run ops -- reconcile'
      : `run ${run.run}: ${run.status}${range}, ${ageOf(run.to, now)} ago`
  return [{ what: 'reconciliation', well: isReconciliationWell(run, now), says }]
}

const proofOf = (progress: ProofProgress, now: number): readonly Finding[] => {
  const what = 'proof'
  const found = progress.find(({ finding }) => finding !== null)
  if (found?.finding != null) {
    const { code, block, detail } = found.finding
    const place = `${found.partition}/${block ?? '-'}`
    return [
      { what, well: isProofWell(progress), says: `${code} at ${place}: ${detail}: npm run verify` },
    ]
  }
  const at = provenAt(progress)
  const blocks = progress.reduce((sum, { block }) => sum + block + 1, 0)
  const says = at === null ? 'not begun' : `${blocks} blocks proven, ${ageOf(at, now)} ago`
  return [{ what, well: isProofWell(progress), says }]
}

const act: Act<object> = async (settings, { json }) => {
  const now = Date.now()
  const findings = findingsOf(await readInstallation(overHttp(settings)), now)
  const well = findings.every((finding) => finding.well)
  if (json) printJson({ well, findings })
  else
    printTable(
      ['', 'part', 'says'],
      findings.map((each) => [each.well ? '✓' : '✗', each.what, each.says]),
    )
  return well ? 0 : 1
}

export const statusCommand = (program: Command): void => {
  const command = program
    .command('status')
    .description(
      'every part, what is held, low, open or quarantined; exit code 1 while something needs a person',
    )
    .addHelpText('after', examples('status', 'status --json'))
  acts(command, act)
}
