import { expect, it } from '@jest/globals'
import { fewestServing, podEventsOf, podsAfter } from './pod-events.ts'

const line = (type: string, name: string, ready = 'True', endsAt = '', component = 'ledger') =>
  [type, name, component, ready, endsAt, 'node-a1', `registry.example/${component}:1`].join('|')

const watched = (...lines: readonly string[]) => podEventsOf(lines.join('\n'))
const start = [line('ADDED', 'old-1'), line('ADDED', 'old-2')]

it('counts a replaced pod until it is told to end, and its successor once it is ready', () => {
  const events = watched(
    ...start,
    line('ADDED', 'new-1', ''),
    line('MODIFIED', 'new-1'),
    line('MODIFIED', 'old-1', 'True', '2026-11-29T21:00:00Z'),
    line('DELETED', 'old-1'),
  )
  expect(fewestServing(events, 'ledger', 2)).toBe(2)
  expect(podsAfter(events).map(({ name }) => name)).toEqual(['old-2', 'new-1'])
})

it('sees the moment in which a pod ends before another one is ready', () => {
  const events = watched(
    ...start,
    line('MODIFIED', 'old-1', 'True', '2026-11-29T21:00:00Z'),
    line('MODIFIED', 'old-2', 'False'),
    line('ADDED', 'new-1'),
    line('ADDED', 'new-2'),
  )
  expect(fewestServing(events, 'ledger', 2)).toBe(0)
  expect(fewestServing(events, 'ledger', events.length)).toBe(2)
})

it('leaves out what was before the change, and pods of other services', () => {
  const events = watched(...start, line('ADDED', 'gateway-1', 'True', '', 'api-gateway'))
  expect(fewestServing(events, 'ledger', 2)).toBe(2)
  expect(fewestServing(events, 'ledger', 0)).toBe(0)
  expect(fewestServing(events, 'api-gateway', events.length)).toBe(1)
})

it('reads past lines that are no event', () => {
  expect(watched('Warning: a proxy closed the connection', line('ADDED', 'old-1'))).toHaveLength(1)
})
