import { expect, test } from '@jest/globals'
import { silentLog } from '@recargas/service'
import type { PlacedEntry } from '../domain/chain.ts'
import { createEntryLog } from './log-entries.ts'

const operationId = '00000000-0000-4000-8000-000000000001'
const placed = (changes: object, outcome: object): PlacedEntry =>
  ({
    seq: 7,
    entry: { id: operationId, kind: 'reserve', merchant: 'principal', topupId: null, ...changes },
    fingerprint: null,
    operation: JSON.stringify({ type: 'RequestTopup', data: { operationId }, correlationId: 'r1' }),
    outcome: JSON.stringify(outcome),
  }) as unknown as PlacedEntry

test('each entry is one line with the trace of its request, the sale, and why it was refused', () => {
  const lines: unknown[] = []
  const write = createEntryLog({
    ...silentLog,
    info: (_message, fields) => void lines.push(typeof fields === 'function' ? fields() : fields),
  })
  write({
    partition: 3,
    entries: [
      placed({ topupId: operationId }, { kind: 'topup', state: 'reserved' }),
      placed({}, { kind: 'refused', code: 'INSUFFICIENT_FLOAT', details: {} }),
    ],
  })
  const common = { correlationId: 'r1', operationId, merchant: 'principal', partition: 3, seq: 7 }
  expect(lines).toEqual([
    { ...common, entry: 'reserve', outcome: 'topup' },
    { ...common, entry: 'reserve', outcome: 'refused', code: 'INSUFFICIENT_FLOAT' },
  ])
})

test('nothing is made of an entry where the level is not written', () => {
  const unreadable = { ...placed({}, {}), operation: 'not read' }
  expect(() => createEntryLog(silentLog)({ partition: 0, entries: [unreadable] })).not.toThrow()
})
