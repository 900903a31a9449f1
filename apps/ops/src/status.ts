import {
  CarrierStates,
  formatDecimal,
  Overview,
  QuarantineGroups,
  RetiredCajas,
  SellingState,
} from '@recargas/contracts'
import type { Command } from 'commander'
import { z } from 'zod'
import { ask, send, type Service } from '@recargas/stack/reach/client'
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

const Ready = z.object({
  parts: z.array(z.object({ name: z.string(), ready: z.boolean(), reason: z.string().nullable() })),
})
const Live = z.object({ version: z.string() })
const Latest = z.object({
  run: z.int(),
  status: z.string(),
  to: z.iso.datetime(),
  uncertain: z.int(),
})

const services: readonly Service[] = ['gateway', 'ledger', 'adapter']

/** As long as the alerts: OldestSalePending and ReconcileStale. */
const heldTooLongMs = 120_000
const reconciledTooLongAgoMs = 3 * 3_600_000

/** Asks everything, whatever the other answers are: a part that is away is itself the answer. */
const lookAround = async (settings: Settings, now: number): Promise<readonly Finding[]> => {
  const found = await Promise.all([
    ...services.map((service) => partsOf(settings, service)),
    versionsOf(settings),
    told('selling', () => sellingOf(settings)),
    told('carrier', () => carrierOf(settings)),
    told('money', () => moneyOf(settings, now)),
    told('retired cajas', () => retiredCajasOf(settings)),
    told('quarantine', () => quarantineOf(settings)),
    told('reconciliation', () => reconciliationOf(settings, now)),
  ])
  return found.flat()
}

const told = async (
  what: string,
  look: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> => {
  try {
    return await look()
  } catch (error) {
    return [{ what, well: false, says: error instanceof Error ? error.message : String(error) }]
  }
}

const partsOf = (settings: Settings, service: Service): Promise<readonly Finding[]> =>
  told(service, async () => {
    const { body } = await send(settings, service, '/ready')
    return Ready.parse(body).parts.map(({ name, ready, reason }) => ({
      what: `${service} ${name}`,
      // A part that serves with a reason, such as a catalogue that it refused, needs a person too.
      well: ready && reason === null,
      says: reason ?? 'ready',
    }))
  })

/** Two versions at once are an update under way, or one that was left half done. */
const versionsOf = async (settings: Settings): Promise<readonly Finding[]> => {
  const versions = await Promise.all(
    services.map(async (service) => {
      const answer = await send(settings, service, '/live').catch(() => null)
      const live = Live.safeParse(answer?.body)
      return { service, version: live.success ? live.data.version : 'unknown' }
    }),
  )
  const [first] = versions
  const isOne = versions.every(({ version }) => version === first?.version)
  const says = isOne
    ? (first?.version ?? 'unknown')
    : versions.map(({ service, version }) => `${service} ${version}`).join(', ')
  return [{ what: 'versions', well: isOne, says }]
}

const sellingOf = async (settings: Settings): Promise<readonly Finding[]> => {
  const state = await ask(settings, 'ledger', '/internal/selling', SellingState)
  return [{ what: 'selling', well: state?.open ?? false, says: state?.reason ?? 'open' }]
}

const carrierOf = async (settings: Settings): Promise<readonly Finding[]> => {
  const states = await ask(settings, 'adapter', '/internal/carriers', CarrierStates)
  if (states === null) return [{ what: 'carrier', well: false, says: 'the adapter does not tell' }]
  return operationsOf(states).map(({ name, state: { available, breaker, reason } }) => ({
    what: name,
    well: available,
    says: reason ?? `breaker ${breaker}`,
  }))
}

const moneyOf = async (settings: Settings, now: number): Promise<readonly Finding[]> => {
  const overview = await ask(settings, 'ledger', '/internal/overview', Overview)
  if (overview === null) return [{ what: 'money', well: false, says: 'the ledger does not tell' }]
  const { held, lowFloats, openCases } = overview
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
  const oldestAt = held?.oldestAt ?? null
  const well = oldestAt === null || now - Date.parse(oldestAt) <= heldTooLongMs
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
const retiredCajasOf = async (settings: Settings): Promise<readonly Finding[]> => {
  const what = 'retired cajas'
  const cajas = await ask(settings, 'ledger', '/internal/retired-cajas', RetiredCajas)
  if (cajas === null) return [{ what, well: false, says: 'the ledger does not tell' }]
  const well = cajas.length === 0
  const says = well ? 'none holds money' : `${cajas.length} with money: npm run ops -- cajas`
  return [{ what, well, says }]
}

const quarantineOf = async (settings: Settings): Promise<readonly Finding[]> => {
  const groups = await ask(settings, 'ledger', '/internal/quarantine/groups', QuarantineGroups)
  const count = (groups ?? []).reduce((sum, group) => sum + group.count, 0)
  const says = count === 0 ? 'empty' : `${count} messages wait: npm run ops -- quarantine list`
  return [{ what: 'quarantine', well: count === 0, says }]
}

const reconciliationOf = async (settings: Settings, now: number): Promise<readonly Finding[]> => {
  const what = 'reconciliation'
  const latest = await ask(settings, 'ledger', '/internal/reconciliations/latest', Latest)
  if (latest === null) return [{ what, well: false, says: 'never: npm run ops -- reconcile' }]
  const { run, status, to, uncertain } = latest
  const isStale = now - Date.parse(to) > reconciledTooLongAgoMs
  const range = uncertain === 0 ? '' : `, a range of ${uncertain} was compared`
  return [
    {
      what,
      well: status !== 'different' && !isStale,
      says: `run ${run}: ${status}${range}, ${ageOf(to, now)} ago`,
    },
  ]
}

const act: Act<object> = async (settings, { json }) => {
  const findings = await lookAround(settings, Date.now())
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
