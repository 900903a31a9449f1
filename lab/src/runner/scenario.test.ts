import { afterEach, beforeEach, expect, it, jest } from '@jest/globals'
import { isReached, runScenario } from './scenario.ts'

const said: unknown[] = []
beforeEach(() => {
  said.length = 0
  jest.spyOn(console, 'log').mockImplementation((line) => said.push(line))
})
afterEach(() => {
  jest.restoreAllMocks()
})

const sound = { isVerified: true, detail: '3 entries' }

/** A scenario that only notes what is done with it. */
const scenarioNoting = (steps: string[]) => ({
  stack: () => {
    steps.push('start')
    const stop = () => {
      steps.push('stop')
      return Promise.resolve()
    }
    return Promise.resolve({ name: 'system', stop })
  },
  load: ({ name }: { readonly name: string }) => {
    steps.push(`sell on ${name}`)
    return Promise.resolve(2)
  },
  faults: (sold: number) => {
    steps.push('break')
    return Promise.resolve(sold + 1)
  },
  judge: (found: number, _: unknown, sold: number) => {
    steps.push(`judge ${found} of ${sold}`)
    return Promise.resolve({ figures: { found }, bounds: {}, ledgers: {} })
  },
  report: ({ found }: { readonly found: number }) => void steps.push(`report ${found}`),
})

it('a scenario’s parts run in their order, each with what the parts before it made', async () => {
  const steps: string[] = []
  const { figures } = await runScenario(scenarioNoting(steps))
  expect(figures).toEqual({ found: 3 })
  expect(steps).toEqual(['start', 'sell on system', 'break', 'judge 3 of 2', 'report 3', 'stop'])
})

it('a scenario that fails stops its system, and reports nothing', async () => {
  const steps: string[] = []
  const faults = () => Promise.reject(new Error('the broker is gone'))
  await expect(runScenario({ ...scenarioNoting(steps), faults })).rejects.toThrow('broker is gone')
  expect(steps).toEqual(['start', 'sell on system', 'stop'])
})

it('a scenario that breaks nothing is judged by its load', async () => {
  const steps: string[] = []
  const { faults: _none, ...parts } = scenarioNoting(steps)
  await runScenario(parts)
  expect(steps).toContain('judge 2 of 2')
})

it('a run is reached where every bound holds and every ledger is verified', () => {
  const judgement = { figures: {}, bounds: { 'sales are made': true }, ledgers: { proof: sound } }
  expect(isReached('outage', judgement)).toBe(true)
  expect(said).toEqual(['outage: reached', '  ledger proof verified: 3 entries'])
})

it('a run names each bound that it missed', () => {
  const bounds = { 'sales are made': false, 'sales come back': true, 'a refusal is quick': false }
  expect(isReached('outage', { figures: {}, bounds, ledgers: {} })).toBe(false)
  expect(said).toEqual(['outage: NOT REACHED: sales are made, a refusal is quick'])
})

it('a run with a ledger that is not verified is not reached', () => {
  const ledgers = { whole: sound, bare: { ...sound, isVerified: false } }
  expect(isReached('paths', { figures: {}, bounds: {}, ledgers })).toBe(false)
  expect(said).toContain('  ledger bare NOT VERIFIED: 3 entries')
})
