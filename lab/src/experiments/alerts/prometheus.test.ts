import { expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { configurationFor, targetsIn } from './prometheus.ts'

const shipped = readFileSync(
  new URL('../../../../ops/prometheus/prometheus.yml', import.meta.url),
  'utf8',
)

it('the shipped configuration is kept but for its addresses, its place and whom it calls', () => {
  const text = configurationFor(shipped, { 'ledger:3001': '127.0.0.1:6201' })
  expect(text).toContain("targets: ['127.0.0.1:6201']")
  expect(text).not.toContain('ledger:3001')
  expect(text).toMatch(/rule_files:\n {2}- \/.*\/ops\/prometheus\/rules\/\*\.yml/)
  expect(text).not.toContain('alertmanagers')
  expect(text).toContain('scrape_interval: 15s')
})

it('an address that the shipped configuration does not have is refused', () => {
  expect(() => configurationFor(shipped, { 'teller:3001': '127.0.0.1:1' })).toThrow('teller:3001')
})

it('the targets of a run are counted without the receivers and without those that are found by name', () => {
  expect(shipped.match(/job_name:/g)?.length).toBe(6)
  expect(targetsIn(configurationFor(shipped, {}))).toBe(5)
})
