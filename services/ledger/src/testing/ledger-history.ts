import { money, type AttemptSummary, type OperationId, type VerdictKind } from '@recargas/contracts'
import type { Operation } from '../accounting/operation.ts'
import {
  aBundle,
  aCaja,
  aCajaChange,
  aClosing,
  aCorrection,
  aDecision,
  aHandOver,
  administrator,
  aMovement,
  anId,
  anInjection,
  anOpening,
  aRecharge,
  aRefusedPress,
  aTopup,
  aVerdict,
  cashier,
  idOf,
  merchant,
  start,
} from './builders.ts'
import type { TestLogWriter } from './test-log-writer.ts'

const second = { ...administrator, userId: '8', username: 'luz' }

const attempt: AttemptSummary = {
  attempt: 1,
  startedAt: new Date(start).toISOString(),
  endedAt: new Date(start + 900).toISOString(),
  row: 1,
  observed: 'answered',
  httpStatus: 200,
  carrierStatus: 'delivered',
  resultCode: '00',
}

const verdict = (id: OperationId, kind: VerdictKind, closed = false): Operation => {
  const { data } = aVerdict(id, kind) as Extract<Operation, { type: 'CarrierVerdict' }>
  const invalid = kind === 'invalid' ? { field: 'account', message: 'unknown' } : undefined
  return {
    type: 'CarrierVerdict',
    data: {
      ...data,
      attempts: [attempt],
      ...(closed ? { closed: true } : {}),
      ...(invalid === undefined ? {} : { invalid }),
      ...(kind === 'pending' ? { nextAt: new Date(start + 60_000).toISOString() } : {}),
    },
  }
}

let phone = 70_000_000
const sale = (changed: Parameters<typeof aTopup>[0] = {}): Operation => {
  phone += 1
  return aTopup({ number: String(phone), ...changed })
}

/**
 * A shop's history with every kind of operation and of end, in steps between which another owner may take over: two
 * cajas, sales settled, refused, corrected, contradicted, decided by people and still held, a shift closed over one.
 */
export const aLedgerHistory = (): readonly (readonly Operation[])[] => {
  const sold = sale()
  const released = sale()
  const invalid = sale()
  const unsent = sale()
  const held = sale()
  const waiting = sale()
  const late = sale()
  const decided = sale()
  const declined = sale()
  const reviewed = sale()
  const package_ = aBundle({ number: '70999999' })
  const { number } = (released as Extract<Operation, { type: 'RequestTopup' }>).data
  const suspected = aTopup({ number, keyed: true })
  const confirmed = {
    ...suspected,
    data: { ...suspected.data, confirmDuplicate: true },
  } as Operation
  const inShift2 = sale({ sessionId: 2 })
  return [
    [aCaja(), anOpening(), anInjection(), anInjection({ amount: money(30_000), keyed: true })],
    [
      aCaja({ name: 'Caja 02', balance: money(90_000) }),
      aCajaChange({ cajaId: 2, name: 'Kiosco' }),
    ],
    [anOpening({ actor: administrator, cajaId: 2, userId: '1', declared: money(91_000) })],
    [sold, released, invalid, unsent, held, waiting, late, decided, declined, reviewed, package_],
    [
      sale({ amount: money(90_000_000) }),
      sale({ sessionId: 9 }),
      anInjection({ amount: money(10_000) }),
    ],
    [verdict(idOf(sold), 'authorized'), verdict(idOf(released), 'rejected')],
    [verdict(idOf(invalid), 'invalid'), verdict(idOf(unsent), 'not-sent')],
    [verdict(idOf(held), 'pending'), verdict(idOf(package_), 'authorized')],
    // The carrier delivered a released sale; then the same number buys the same again.
    [verdict(idOf(released), 'authorized')],
    [aTopup({ number })],
    // One key: suspected, then confirmed under the same id, with any later repeats.
    [suspected, suspected],
    [confirmed, suspected],
    [confirmed, suspected, aRefusedPress({ operationId: idOf(suspected) })],
    [aRefusedPress()],
    // The carrier denies a delivery that it had confirmed.
    [verdict(idOf(sold), 'rejected')],
    [decided, declined, reviewed].map((unclear) => verdict(idOf(unclear), 'unresolved')),
    [
      aDecision(idOf(decided), 'authorized', { fourEyes: true }),
      aDecision(idOf(decided), 'authorized', { fourEyes: true, actor: second }),
      aDecision(idOf(declined), 'rejected'),
      aDecision(idOf(sold), 'rejected'),
      aDecision(anId(), 'rejected'),
    ],
    [verdict(idOf(decided), 'unresolved', true), verdict(idOf(declined), 'unresolved', true)],
    [aMovement(), aMovement({ direction: 'out', amount: money(300) })],
    [
      aClosing({ counted: money(40_000) }),
      aClosing({ counted: money(11_900), acceptPending: true }),
    ],
    [aTopup({ number: '70111111' }), aClosing(), verdict(idOf(late), 'authorized')],
    // The count of the closing was mistyped: corrected between two sessions, and again in the next one.
    [aCorrection({ counted: money(11_950) }), aRecharge()],
    [anOpening(), verdict(idOf(waiting), 'authorized')],
    [aCorrection({ counted: money(11_940) }), aCorrection({ counted: money(11_940) })],
    [
      aCajaChange({ cajaId: 2, balance: money(95_000), specialty: 'SOLO_VENTAS' }),
      {
        type: 'CarrierMismatch',
        data: {
          operationId: anId(),
          merchant,
          currency: 'BOB',
          carrierAmount: 1_050,
          from: new Date(start - 3_600_000).toISOString(),
          to: new Date(start).toISOString(),
          likely: [idOf(held)],
        },
      },
    ],
    [{ ...inShift2, data: { ...inShift2.data, actor: administrator } } as Operation],
    [verdict(idOf(inShift2), 'authorized')],
    [sale({ sessionId: 3, actor: cashier })],
    [aHandOver({ sessionId: 3, counted: money(13_000), acceptPending: true })],
  ]
}

type HistoryWriter = Pick<TestLogWriter, 'setTime' | 'resubscribe' | 'enqueueAll'>

/** Feeds a writer, a tenth of a second to the step; every second step belongs to another owner. */
export const writeHistory = async (
  writer: HistoryWriter,
  steps: readonly (readonly Operation[])[],
): Promise<void> => {
  for (const [index, operations] of steps.entries()) {
    writer.setTime(start + index * 100)
    if (index % 2 === 1) writer.resubscribe()
    const dispositions = await writer.enqueueAll(operations)
    const failed = dispositions.find(({ kind }) => kind !== 'done')
    if (failed !== undefined) throw new Error(`step ${index} was not written`, { cause: failed })
  }
}
