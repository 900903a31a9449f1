import { answerBy, scenarioNames } from '../till/carrier-control.ts'

/** After each of these every sale is refused for a while, so they are rare. */
const latching = ['unauthorized', 'forbidden', 'not-found', 'redirect', 'rate-limited']
/** Each costs the machine far more than a sale. */
const heavy = ['huge-body', 'deep-json']
const rare: ReadonlySet<string> = new Set([...latching, ...heavy])

const usual = 0.011
const seldom = 0.001
/** Longer than a call's time-out, so that a delayed answer comes too late. */
const delayMs = 1_200

/** Settles long after the end of the schedule, so that its sale goes in review. */
const neverEnding = {
  scenario: 'in-progress-then-authorized',
  probability: 0.006,
  delayMs: 3_600_000,
}

/** The carrier meets every scenario it knows; two sales in three are answered as they should be. */
export const mixCarrierScenarios = async (sandboxUrl: string): Promise<void> => {
  for (const scenario of await scenarioNames(sandboxUrl)) {
    const probability = rare.has(scenario) ? seldom : usual
    await answerBy(sandboxUrl, { scenario, probability, delayMs })
  }
  await answerBy(sandboxUrl, neverEnding)
}
