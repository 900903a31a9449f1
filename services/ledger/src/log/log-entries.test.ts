import { expect, test } from '@jest/globals'
import { silentLog } from '@recargas/runtime'
import type { Block } from './block.ts'
import type { LogEntry } from '../accounting/entry.ts'
import { createEntryLog } from './log-entries.ts'

const operationId = '00000000-0000-4000-8000-000000000001'
const block = { partition: 3, position: 7 } as Block
const anEntry = (changes: object, outcome: object): LogEntry =>
  ({
    id: operationId,
    kind: 'reserve',
    merchant: 'principal',
    saleId: null,
    fingerprint: null,
    operation: JSON.stringify({ type: 'RequestTopup', data: { operationId }, correlationId: 'r1' }),
    outcome: JSON.stringify(outcome),
    ...changes,
  }) as unknown as LogEntry

test('each entry is one line with the trace of its request, the sale, and why it was refused', () => {
  const lines: unknown[] = []
  const write = createEntryLog({
    ...silentLog,
    info: (_message, fields) => void lines.push(typeof fields === 'function' ? fields() : fields),
  })
  write({
    block,
    entries: [
      anEntry({ saleId: operationId }, { kind: 'topup', state: 'reserved' }),
      anEntry({}, { kind: 'refused', code: 'INSUFFICIENT_FLOAT', details: {} }),
    ],
  })
  const common = {
    correlationId: 'r1',
    operationId,
    merchant: 'principal',
    partition: 3,
    position: 7,
  }
  expect(lines).toEqual([
    { ...common, entry: 'reserve', outcome: 'topup' },
    { ...common, entry: 'reserve', outcome: 'refused', code: 'INSUFFICIENT_FLOAT' },
  ])
})

test('nothing is made of an entry where the level is not written', () => {
  const unreadable = { ...anEntry({}, {}), operation: 'not read' }
  expect(() => createEntryLog(silentLog)({ block, entries: [unreadable] })).not.toThrow()
})
