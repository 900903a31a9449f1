import { answerBy, scenarioNames } from '../till/carrier-control.ts'

/** Each refuses every sale for a while after it: seldom, or nothing would be sold. */
const latching = ['unauthorized', 'forbidden', 'not-found', 'redirect', 'rate-limited']
/** Each costs the machine far more than a sale. */
const heavy = ['huge-body', 'deep-json']
const rare: ReadonlySet<string> = new Set([...latching, ...heavy])

const usual = 0.011
const seldom = 0.001
/** Longer than a call's time-out, so that a delayed answer comes too late. */
const delayMs = 1_200

/** Still under way when the schedule is over: such a sale is a person's. */
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
