import { expect, it } from '@jest/globals'
import { MerchantId, type CaseClosing, type OperatorCase } from '@recargas/contracts'
import { createCases } from './close-case.ts'

const merchant = MerchantId.parse('principal')
const aCase = {
  id: 'r:carrier-balance-differs',
  merchant,
  closing: null,
} as unknown as OperatorCase

/** One case; `rival` closes it between the look and the write. */
const casesWith = (rival: CaseClosing | null = null) => {
  let stored: OperatorCase = aCase
  return createCases(
    {
      list: () => Promise.resolve([stored]),
      find: (id) => Promise.resolve(id === stored.id ? stored : null),
      close: (_, closing) => {
        if (rival !== null) stored = { ...stored, closing: rival }
        if (stored.closing !== null) return Promise.resolve(false)
        stored = { ...stored, closing }
        return Promise.resolve(true)
      },
    },
    () => Date.parse('2026-11-28T10:00:00.000Z'),
  )
}
const ana = { by: 'Ana Rojas', reason: 'the carrier paid it back' }

it('a person closes a case once, and may repeat it', async () => {
  const cases = casesWith()
  const closed = { ...aCase, closing: { ...ana, at: '2026-11-28T10:00:00.000Z' } }
  expect(await cases.close(aCase.id, ana)).toEqual({ kind: 'closed', case: closed })
  expect(await cases.close(aCase.id, ana)).toEqual({ kind: 'closed', case: closed })
  expect(await cases.close(aCase.id, { ...ana, by: 'Luz Paz' })).toEqual({
    kind: 'closed-before',
    case: closed,
  })
})

it('the first of two simultaneous closings counts', async () => {
  const rival = { by: 'Luz Paz', reason: 'booked by hand', at: '2026-11-28T09:59:59.000Z' }
  expect(await casesWith(rival).close(aCase.id, ana)).toEqual({
    kind: 'closed-before',
    case: { ...aCase, closing: rival },
  })
})

it('an unknown case is reported as unknown', async () => {
  expect(await casesWith().close('x', ana)).toEqual({ kind: 'unknown' })
})

it('a shop closes its own cases, and hears nothing of another one’s', async () => {
  const cases = casesWith()
  const other = { ...ana, merchant: MerchantId.parse('bogota') }
  expect(await cases.close(aCase.id, other)).toEqual({ kind: 'unknown' })
  expect((await cases.find(aCase.id))?.closing).toBeNull()
  expect((await cases.close(aCase.id, { ...ana, merchant })).kind).toBe('closed')
})
