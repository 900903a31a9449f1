import { CarrierState, QuarantineGroups, SellingState } from '@recargas/contracts'
import type { Command } from 'commander'
import { z } from 'zod'
import { ask, send, type Service } from './client.ts'
import { acts, examples, type Act } from './command.ts'
import { printJson, printTable } from './print.ts'
import type { Settings } from './target.ts'

type Finding = {
  readonly what: string
  readonly well: boolean
  readonly says: string
}

const Ready = z.object({
  parts: z.array(z.object({ name: z.string(), ready: z.boolean(), reason: z.string().nullable() })),
})
const Latest = z.object({ run: z.int(), status: z.string(), to: z.string() })

const services: readonly Service[] = ['gateway', 'ledger', 'adapter']

/** Asks everything, whatever the other answers are: a part that is away is itself the answer. */
const lookAround = async (settings: Settings): Promise<readonly Finding[]> => {
  const found = await Promise.all([
    ...services.map((service) => partsOf(settings, service)),
    told('selling', () => sellingOf(settings)),
    told('carrier', () => carrierOf(settings)),
    told('quarantine', () => quarantineOf(settings)),
    told('reconciliation', () => reconciliationOf(settings)),
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
      well: ready,
      says: reason ?? 'ready',
    }))
  })

const sellingOf = async (settings: Settings): Promise<readonly Finding[]> => {
  const state = await ask(settings, 'ledger', '/internal/selling', SellingState)
  return [{ what: 'selling', well: state?.open ?? false, says: state?.reason ?? 'open' }]
}

const carrierOf = async (settings: Settings): Promise<readonly Finding[]> => {
  const state = await ask(settings, 'adapter', '/internal/carrier', CarrierState)
  if (state === null) return [{ what: 'carrier', well: false, says: 'the adapter does not tell' }]
  const say = (name: string, { available, breaker, reason }: CarrierState['bundles']): Finding => ({
    what: `carrier ${name}`,
    well: available,
    says: reason ?? `breaker ${breaker}`,
  })
  return [say('top-ups', state), say('bundles', state.bundles)]
}

const quarantineOf = async (settings: Settings): Promise<readonly Finding[]> => {
  const groups = await ask(settings, 'ledger', '/internal/quarantine/groups', QuarantineGroups)
  const count = (groups ?? []).reduce((sum, group) => sum + group.count, 0)
  const says = count === 0 ? 'empty' : `${count} messages wait: npm run ops -- quarantine list`
  return [{ what: 'quarantine', well: count === 0, says }]
}

const reconciliationOf = async (settings: Settings): Promise<readonly Finding[]> => {
  const latest = await ask(settings, 'ledger', '/internal/reconciliations/latest', Latest)
  return [
    latest === null
      ? { what: 'reconciliation', well: true, says: 'none yet' }
      : {
          what: 'reconciliation',
          well: latest.status !== 'different',
          says: `run ${latest.run}: ${latest.status}, ${latest.to}`,
        },
  ]
}

const act: Act<object> = async (settings, { json }) => {
  const findings = await lookAround(settings)
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
    .description('health of every part, with the reason where something is not well')
    .addHelpText('after', examples('status', 'status --json'))
  acts(command, act)
}
