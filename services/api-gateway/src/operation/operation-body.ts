import {
  areHeldSalesWell,
  areVersionsOne,
  carrierNames,
  isPartWell,
  isProofWell,
  isReconciliationWell,
  provenAt,
  quarantineCauses,
  sellsKind,
  statusServices,
  type CarrierOperationState,
  type CarrierStates,
  type InstallationStatus,
  type LatestRun,
  type Overview,
  type ProofProgress,
  type QuarantineGroups,
  type Answered,
} from '@recargas/contracts'
import { z } from 'zod'
import { InstantText } from '../api/wire.ts'
import type { OperationDeps } from './ports.ts'

const Reason = z
  .string()
  .nullable()
  .meta({ description: 'for operators: in English, as the service’s log says it' })

const Part = z.strictObject({ nombre: z.string(), lista: z.boolean(), motivo: Reason })
const Service = z.strictObject({
  nombre: z.enum(statusServices),
  bien: z.boolean(),
  version: z.string().nullable(),
  instancias: z.int().nonnegative().meta({ description: 'by their heartbeats' }),
  instancias_listas: z.int().nonnegative(),
  partes: z.array(Part),
  motivo: Reason,
})
const circuits = { closed: 'CERRADO', 'half-open': 'SEMIABIERTO', open: 'ABIERTO' } as const
const Circuit = z.strictObject({
  proveedor: z.enum(carrierNames),
  vende: z.enum(['RECARGAS', 'PAQUETES']),
  circuito: z.enum(Object.values(circuits)),
  disponible: z.boolean(),
  motivo: Reason,
})
const Queue = z.strictObject({
  nombre: z.enum(['VENTAS_PENDIENTES', 'EN_REVISION', 'CUARENTENA']),
  bien: z.boolean(),
  cantidad: z.int().nonnegative(),
  mas_antigua: InstantText.nullable(),
  segundos: z.int().nonnegative().nullable().meta({ description: 'age of the oldest one' }),
})
const Group = z.strictObject({
  causa: z.enum(quarantineCauses),
  tipo_mensaje: z.string(),
  cola: z.string(),
  cantidad: z.int().positive(),
  mas_antiguo: InstantText,
  mas_nuevo: InstantText,
})
const Reconciliation = z.strictObject({
  numero: z.int().positive(),
  estado: z.string(),
  hasta: InstantText,
  bien: z.boolean(),
})
const Proof = z.strictObject({
  bien: z.boolean(),
  bloques: z.int().nonnegative().meta({ description: 'blocks proven, of all partitions' }),
  en: InstantText.nullable().meta({
    description: 'when the partition that waits longest was proven',
  }),
  particiones: z.array(
    z.strictObject({
      particion: z.int().nonnegative(),
      bloque: z.int().meta({ description: 'every block up to this one is proven' }),
      en: InstantText,
      hallazgo: z
        .strictObject({ codigo: z.string(), bloque: z.int().nullable(), en: InstantText })
        .nullable()
        .meta({ description: 'the difference at which the proof stands: `npm run verify`' }),
    }),
  ),
})
export const OperationAnswer = z
  .strictObject({
    en: InstantText.meta({ description: 'when it was read; `hasta` of what is done on its sight' }),
    bien: z.boolean(),
    versiones_iguales: z.boolean(),
    servicios: z.array(Service),
    ventas: z.strictObject({ abiertas: z.boolean(), motivo: Reason }).nullable(),
    circuitos: z.array(Circuit).nullable(),
    colas: z.array(Queue),
    cuarentena: z
      .strictObject({ cantidad: z.int().nonnegative(), grupos: z.array(Group) })
      .nullable(),
    conciliacion: Reconciliation.nullable().meta({ description: 'null before the first one' }),
    prueba: Proof.nullable().meta({
      description: 'the proof that runs behind the ledger’s log, block by block',
    }),
    sin_respuesta: z
      .array(z.strictObject({ parte: z.string(), motivo: z.string() }))
      .meta({ description: 'parts that could not be read, and are null above' }),
  })
  .meta({ id: 'Operacion' })
export type OperationAnswer = z.infer<typeof OperationAnswer>

type Instances = OperationDeps['operation']['instances']

/** The status of the installation in the API's words; it names no shop. */
export const operationBody = (
  status: InstallationStatus,
  { now, instances }: { readonly now: number; readonly instances: Instances },
): OperationAnswer => {
  const servicios = status.services.map((each) => serviceOf(each, instances))
  const ventas = valueOf(status.selling, ({ open, reason }) => ({ abiertas: open, motivo: reason }))
  const circuitos = valueOf(status.carriers, circuitsOf)
  const colas = [
    ...(valueOf(status.money, (overview) => saleQueuesOf(overview, now)) ?? []),
    ...(valueOf(status.quarantine, (groups) => [quarantineQueueOf(groups, now)]) ?? []),
  ]
  const conciliacion = valueOf(status.reconciliation, (run) => reconciliationOf(run, now))
  const prueba = valueOf(status.proof, proofOf)
  const parts = {
    ventas: status.selling,
    circuitos: status.carriers,
    colas: status.money,
    cuarentena: status.quarantine,
    conciliacion: status.reconciliation,
    prueba: status.proof,
  }
  const sin_respuesta = Object.entries(parts).flatMap(([parte, part]) =>
    part.kind === 'silent' ? [{ parte, motivo: part.reason }] : [],
  )
  const versiones_iguales = areVersionsOne(status)
  return {
    en: new Date(now).toISOString(),
    bien:
      sin_respuesta.length === 0 &&
      versiones_iguales &&
      ventas?.abiertas === true &&
      conciliacion?.bien === true &&
      prueba?.bien === true &&
      [...servicios, ...colas].every(({ bien }) => bien) &&
      circuitos?.every(({ disponible }) => disponible) === true,
    versiones_iguales,
    servicios,
    ventas,
    circuitos,
    colas,
    cuarentena: valueOf(status.quarantine, (groups) => ({
      cantidad: countOf(groups),
      grupos: groups.map(({ cause, type, queue, count, oldest, newest }) => ({
        causa: cause,
        tipo_mensaje: type,
        cola: queue,
        cantidad: count,
        mas_antiguo: oldest,
        mas_nuevo: newest,
      })),
    })),
    conciliacion,
    prueba,
    sin_respuesta,
  }
}

const valueOf = <Value, Shown>(
  part: Answered<Value>,
  show: (value: Value) => Shown,
): Shown | null => (part.kind === 'answered' ? show(part.value) : null)

const serviceOf = (
  { service, parts, version }: InstallationStatus['services'][number],
  instances: Instances,
): z.infer<typeof Service> => {
  const { alive, ready } = instances(service)
  const shown = parts.kind === 'answered' ? parts.value : []
  return {
    nombre: service,
    bien: parts.kind === 'answered' && shown.every(isPartWell),
    version,
    instancias: alive,
    instancias_listas: ready,
    partes: shown.map((part) => ({ nombre: part.name, lista: part.ready, motivo: part.reason })),
    motivo: parts.kind === 'silent' ? parts.reason : null,
  }
}

const circuitsOf = (states: CarrierStates): z.infer<typeof Circuit>[] =>
  carrierNames.flatMap((carrier) => {
    const state = states[carrier]
    if (state === undefined) return []
    const row = (vende: 'RECARGAS' | 'PAQUETES', operation: CarrierOperationState) => ({
      proveedor: carrier,
      vende,
      circuito: circuits[operation.breaker],
      disponible: operation.available,
      motivo: operation.reason,
    })
    return [
      row('RECARGAS', state),
      ...(sellsKind(carrier, 'bundle') ? [row('PAQUETES', state.bundles)] : []),
    ]
  })

const saleQueuesOf = ({ held }: Overview, now: number): z.infer<typeof Queue>[] => {
  const of = (state: 'reserved' | 'in-review') => {
    const found = held.find((each) => each.state === state)
    return { count: found?.count ?? 0, oldestAt: found?.oldestAt ?? null }
  }
  const [pending, inReview] = [of('reserved'), of('in-review')]
  return [
    queueOf('VENTAS_PENDIENTES', pending, areHeldSalesWell(pending.oldestAt, now), now),
    queueOf('EN_REVISION', inReview, inReview.count === 0, now),
  ]
}

const quarantineQueueOf = (groups: QuarantineGroups, now: number): z.infer<typeof Queue> => {
  const count = countOf(groups)
  const [oldestAt = null] = groups.map(({ oldest }) => oldest).sort()
  return queueOf('CUARENTENA', { count, oldestAt }, count === 0, now)
}

const countOf = (groups: QuarantineGroups): number =>
  groups.reduce((sum, { count }) => sum + count, 0)

const queueOf = (
  nombre: z.infer<typeof Queue>['nombre'],
  { count, oldestAt }: { readonly count: number; readonly oldestAt: string | null },
  bien: boolean,
  now: number,
): z.infer<typeof Queue> => ({
  nombre,
  bien,
  cantidad: count,
  mas_antigua: oldestAt,
  segundos:
    oldestAt === null ? null : Math.max(0, Math.round((now - Date.parse(oldestAt)) / 1_000)),
})

const reconciliationOf = (
  run: LatestRun | null,
  now: number,
): z.infer<typeof Reconciliation> | null =>
  run === null
    ? null
    : {
        numero: run.run,
        estado: run.status,
        hasta: run.to,
        bien: isReconciliationWell(run, now),
      }

/** Without the detail of a finding: it may name a shop. */
const proofOf = (progress: ProofProgress): z.infer<typeof Proof> => ({
  bien: isProofWell(progress),
  bloques: progress.reduce((sum, { block }) => sum + block + 1, 0),
  en: provenAt(progress),
  particiones: progress.map(({ partition, block, at, finding }) => ({
    particion: partition,
    bloque: block,
    en: at,
    hallazgo:
      finding === null ? null : { codigo: finding.code, bloque: finding.block, en: finding.at },
  })),
})
