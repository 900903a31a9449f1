import type { InstallationStatus, QuarantineResults } from '@recargas/contracts'
import { operationBody } from '../../operation/operation-body.ts'
import { settledBody } from '../../operation/settle-quarantine.ts'
import { on } from './day.ts'
import { carrierStates } from './operators.ts'

const ready = (name: string) => ({ name, ready: true, reason: null })
const service = (name: 'gateway' | 'ledger' | 'adapter', ...parts: readonly string[]) => ({
  service: name,
  parts: { kind: 'answered' as const, value: parts.map(ready) },
  version: '0.1.0 4093b7e',
})
const answered = <Value>(value: Value) => ({ kind: 'answered' as const, value })

/** The installation at 12:01 of the shop's day: two messages wait in quarantine. */
export const installation: InstallationStatus = {
  services: [
    service('gateway', 'broker', 'tokens', 'catalogue', 'ledger', 'clock', 'carrier-adapter'),
    service('ledger', 'broker', 'database', 'clock', 'projections'),
    service('adapter', 'broker', 'database'),
  ],
  selling: answered({ open: true, reason: null }),
  carriers: answered(carrierStates),
  money: answered({
    held: [
      { state: 'reserved' as const, count: 1, oldestAt: on('12:00:30.000') },
      { state: 'in-review' as const, count: 0, oldestAt: null },
    ],
    lowFloats: [],
    openCases: [],
  }),
  retiredCajas: answered([]),
  quarantine: answered([
    {
      cause: 'HANDLER_FAILED' as const,
      type: 'RequestTopup.v1',
      queue: 'ledger.3.v1',
      count: 2,
      oldest: on('11:58:00.000'),
      newest: on('11:59:00.000'),
    },
  ]),
  proof: answered([{ partition: 3, block: 118, at: on('12:00:50.000'), finding: null }]),
  reconciliation: answered({ run: 7, status: 'equal', to: on('11:40:00.000'), uncertain: 0 }),
}

const message = { type: 'RequestTopup.v1', messageId: 'm', queue: 'ledger.3.v1' }
export const settled: QuarantineResults = {
  results: [
    { ...message, id: 'a'.repeat(32), outcome: 'done', note: null },
    {
      ...message,
      id: 'b'.repeat(32),
      outcome: 'left',
      note: 'only its beginning is kept: it was longer than any message of ours',
    },
  ],
  remaining: 1,
}

/** A person's word on the group above. */
export const groupSeen = {
  causa: 'HANDLER_FAILED',
  tipo_mensaje: 'RequestTopup.v1',
  cola: 'ledger.3.v1',
  cantidad: 2,
  hasta: on('12:01:00.000'),
  nota: 'Se corrigió el catálogo.',
}

const instances = () => ({ alive: 2, ready: 2 })

export const operationExamples = {
  'GET /operacion 200 application/json': operationBody(installation, {
    now: Date.parse(on('12:01:00.000')),
    instances,
  }),
  'POST /operacion/cuarentena/reenviar 200 application/json': settledBody(settled),
  'POST /operacion/cuarentena/descartar 200 application/json': settledBody(settled),
}
