import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { crashPoints } from '@recargas/runtime'
import { crashAtOf, plan } from './plan.ts'

const points = Object.entries(crashPoints).flatMap(([service, ofService]) =>
  Object.entries(ofService).map(([point, text]) => [service, point, text] as const),
)

test('there are forty crash points at least, and each has a way to it', () => {
  expect(points.length).toBeGreaterThanOrEqual(40)
  const planned = Object.entries(plan).flatMap(([service, drives]) =>
    Object.keys(drives).map((point) => `${service} ${point}`),
  )
  expect(planned.sort()).toEqual(points.map(([service, point]) => `${service} ${point}`).sort())
})

test('docs/crash-points.md lists each point with its text', () => {
  const document = readFileSync(new URL('../../../docs/crash-points.md', import.meta.url), 'utf8')
  const rows = [...document.matchAll(/^\| (\w+) +\| `([\w-]+)` +\| (.*?) +\|$/gm)]
  expect(rows.map(([, service, point, text]) => [service, point, text])).toEqual(points)
  expect(document).toContain(`the ${points.length} points`)
})

test('a point is hit at its first passing, then at its second one, unless a process passes it once', () => {
  expect(crashAtOf('block-built', { sales: 'plain' }, 1)).toBe('block-built')
  expect(crashAtOf('block-built', { sales: 'plain' }, 2)).toBe('block-built:2')
  expect(crashAtOf('close-said', { sales: 'none', isOncePerProcess: true }, 2)).toBe('close-said')
})
