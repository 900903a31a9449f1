import { z } from 'zod'
import { errorText } from './errors.ts'
import { Overview, SellingState } from './overview.ts'
import { QuarantineGroups } from './quarantine.ts'
import { CarrierStates, RetiredCajas } from './reads.ts'

/** The services as their operators name them. */
export const statusServices = ['gateway', 'ledger', 'adapter'] as const
export type StatusService = (typeof statusServices)[number]

/** The ways to ask the services; the operators' tool asks over HTTP, a gateway answers for itself. */
export type StatusReads = {
  /** The body of `/ready` or `/live`, whatever its status. @throws without an answer */
  readonly probe: (service: StatusService, path: '/ready' | '/live') => Promise<unknown>
  /** An internal read. @returns null for 404; throws for anything else that is no answer */
  readonly ask: <Schema extends z.ZodType>(
    service: Exclude<StatusService, 'gateway'>,
    path: string,
    schema: Schema,
  ) => Promise<z.output<Schema> | null>
}

/** A part of the status, or the reason for which it could not be read: a part that is away is itself the answer. */
export type Answered<Value> =
  | { readonly kind: 'answered'; readonly value: Value }
  | { readonly kind: 'silent'; readonly reason: string }

const Ready = z.object({
  parts: z.array(z.object({ name: z.string(), ready: z.boolean(), reason: z.string().nullable() })),
})
export type ServicePart = z.infer<typeof Ready>['parts'][number]
const Live = z.object({ version: z.string() })
/** The last proven block of each partition of the ledger's log; a partition without one is not there. */
export const ProofProgress = z.array(
  z.strictObject({
    partition: z.int().nonnegative(),
    block: z.int(),
    at: z.iso.datetime(),
    /** The difference at which the proof stands. */
    finding: z
      .strictObject({
        code: z.string(),
        block: z.int().nullable(),
        entry: z.string().nullable(),
        detail: z.string(),
        found: z.int().positive(),
        at: z.iso.datetime(),
      })
      .nullable(),
  }),
)
export type ProofProgress = z.infer<typeof ProofProgress>
const LatestRun = z.object({
  run: z.int(),
  status: z.string(),
  to: z.iso.datetime(),
  uncertain: z.int(),
})
/** The last reconciliation. */
export type LatestRun = z.infer<typeof LatestRun>

/** The state of the whole installation, over every shop. */
export type InstallationStatus = {
  readonly services: readonly {
    readonly service: StatusService
    readonly parts: Answered<readonly ServicePart[]>
    readonly version: string | null
  }[]
  readonly selling: Answered<SellingState>
  readonly carriers: Answered<CarrierStates>
  readonly money: Answered<Overview>
  readonly retiredCajas: Answered<RetiredCajas>
  readonly quarantine: Answered<QuarantineGroups>
  /** null: there was none yet. */
  readonly reconciliation: Answered<LatestRun | null>
  readonly proof: Answered<ProofProgress>
}

/** Asks everything, whatever the other answers are. Never rejects. */
export const readInstallation = async (reads: StatusReads): Promise<InstallationStatus> => {
  const known = <Schema extends z.ZodType>(
    service: Exclude<StatusService, 'gateway'>,
    path: string,
    schema: Schema,
  ) =>
    answered(async () => {
      const found = await reads.ask(service, path, schema)
      if (found === null) throw new Error(`the ${service} does not tell`)
      return found
    })
  const [services, selling, carriers, money, retiredCajas, quarantine, reconciliation, proof] =
    await Promise.all([
      Promise.all(statusServices.map((service) => readService(reads, service))),
      known('ledger', '/internal/selling', SellingState),
      known('adapter', '/internal/carriers', CarrierStates),
      known('ledger', '/internal/overview', Overview),
      known('ledger', '/internal/retired-cajas', RetiredCajas),
      known('ledger', '/internal/quarantine/groups', QuarantineGroups),
      answered(() => reads.ask('ledger', '/internal/reconciliations/latest', LatestRun)),
      known('ledger', '/internal/proof', ProofProgress),
    ])
  return {
    services,
    selling,
    carriers,
    money,
    retiredCajas,
    quarantine,
    reconciliation,
    proof,
  }
}

const answered = async <Value>(read: () => Promise<Value>): Promise<Answered<Value>> => {
  try {
    return { kind: 'answered', value: await read() }
  } catch (error) {
    return { kind: 'silent', reason: errorText(error) }
  }
}

const readService = async (reads: StatusReads, service: StatusService) => {
  const [parts, live] = await Promise.all([
    answered(async () => Ready.parse(await reads.probe(service, '/ready')).parts),
    answered(async () => Live.parse(await reads.probe(service, '/live'))),
  ])
  return { service, parts, version: live.kind === 'answered' ? live.value.version : null }
}

/** As long as the alerts: OldestSalePending and ReconcileStale. */
const heldTooLongMs = 120_000
const reconciledTooLongAgoMs = 3 * 3_600_000

/** A part that serves with a reason, such as a catalogue that it refused, needs a person too. */
export const isPartWell = ({ ready, reason }: ServicePart): boolean => ready && reason === null

/** @param oldestAt of the sales whose money is held; null where there are none */
export const areHeldSalesWell = (oldestAt: string | null, now: number): boolean =>
  oldestAt === null || now - Date.parse(oldestAt) <= heldTooLongMs

/** @param run null: none yet */
export const isReconciliationWell = (run: LatestRun | null, now: number): boolean =>
  run !== null && run.status !== 'different' && now - Date.parse(run.to) <= reconciledTooLongAgoMs

/** Two versions at once are an update under way, or one that was left half done. */
export const areVersionsOne = ({ services }: Pick<InstallationStatus, 'services'>): boolean =>
  services.every(({ version }) => version === services[0]?.version)

export const isProofWell = (progress: ProofProgress): boolean =>
  progress.every(({ finding }) => finding === null)

/** The oldest proof of a partition; null before the first one. */
export const provenAt = (progress: ProofProgress): string | null =>
  progress.map(({ at }) => at).sort()[0] ?? null
