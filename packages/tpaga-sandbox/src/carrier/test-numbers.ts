import type { Outcome } from './book.ts'
import type { SaleEndpoint } from './requests.ts'
import { type ScenarioName, scenarioNames, scenarios } from '../scenarios/scenarios.ts'

/** A number of the document: its state and the HTTP code the document prints beside it. */
type DocumentedNumber = Outcome & { readonly summary: string; readonly postStatus: number }

/**
 * The documented numbers, per endpoint. None but 3110001111 is ever debited: the document only says "contact support", so the
 * carrier has decided nothing and the state stays as it is for ever, also for a repeat of the token. The three unclear top-ups
 * each take one of the three unclear statuses. For packages the POST has the code of the test data and the lookup the code of
 * the lookup's own table: they contradict each other, and the lookup resolves a purchase.
 */
export const documentedNumbers: Readonly<
  Record<SaleEndpoint, Readonly<Record<string, DocumentedNumber>>>
> = {
  topup_account: {
    '3110001111': { state: 'authorized', postStatus: 200, summary: 'successful' },
    '3110002222': { state: 'unknown', postStatus: 502, summary: 'internal error or time-out' },
    '3110003333': { state: 'created', postStatus: 500, summary: 'internal error' },
    '3110004444': { state: 'in_progress', postStatus: 409, summary: 'concurrent requests' },
    '3110005555': { state: 'rejected', postStatus: 503, summary: 'rejected by the provider' },
  },
  package_buy: {
    '3110001111': { state: 'authorized', postStatus: 200, summary: 'successful' },
    '3110007777': { state: 'in_progress', postStatus: 200, summary: 'concurrent requests' },
    '3110006666': { state: 'unknown', postStatus: 503, summary: 'communication issue' },
    '3110000000': { state: 'rejected', postStatus: 502, summary: 'rejected by the provider' },
  },
}

const reserved = new Map<string, ScenarioName>(
  scenarioNames.map((name) => [scenarios[name].number, name]),
)

/** The documented outcome of this number, if it is not "authorized" like any other. */
export function documentedOutcome(endpoint: SaleEndpoint, number: string): Outcome | undefined {
  // Nearly every number of a benchmark fails here, before the table is touched.
  if (!number.startsWith('311000')) return undefined
  const documented = documentedNumbers[endpoint][number]
  return documented?.state === 'authorized' ? undefined : documented
}

/** The scenario a number is reserved for. */
export function reservedScenario(number: string): ScenarioName | undefined {
  return number.startsWith('311900') ? reserved.get(number) : undefined
}
