/** Calls one of the sandbox's own routes. @throws with its message when it refuses */
export const control = async (
  sandboxUrl: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Response> => {
  const response = await fetch(`${sandboxUrl}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  if (!response.ok) throw new Error(`sandbox ${path}: ${await response.text()}`)
  return response
}

/** A way in which the carrier answers, and the share of the calls that it answers so: all of them by default. */
export type CarrierScenario = {
  readonly scenario: string
  readonly probability?: number
  readonly delayMs?: number
  readonly match?: { readonly number: string } | { readonly endpoint: string }
}

export const answerBy = async (sandboxUrl: string, scenario: CarrierScenario): Promise<void> => {
  await control(sandboxUrl, 'POST', '/_scenario', scenario)
}

/** Removes every scenario: the carrier answers as it should again. */
export const answerWell = async (sandboxUrl: string): Promise<void> => {
  await control(sandboxUrl, 'DELETE', '/_scenario')
}

/** One call as the carrier saw it; `status` is the one it sent, or the reason for none. */
export type CarrierCall = {
  readonly token: string | null
  readonly number: string | null
  readonly status: number | string
  readonly debited: boolean
}

/** Every call since it began. @throws when some were dropped, because a count would be too low */
export const readCalls = async (sandboxUrl: string): Promise<CarrierCall[]> => {
  const { dropped, calls } = await read<{
    readonly dropped: number
    readonly calls: readonly CarrierCall[]
  }>(sandboxUrl, '/_calls')
  if (dropped > 0)
    throw new Error(
      `the carrier dropped ${dropped} calls from its list, so counts would be too low`,
    )
  return calls.map(({ token, number, status, debited }) => ({ token, number, status, debited }))
}

export type CarrierTransaction = {
  readonly token: string
  readonly state: string
  readonly debits: number
  readonly amount: number
  readonly number: string
}

export const readTransactions = async (sandboxUrl: string): Promise<CarrierTransaction[]> => {
  const { transactions } = await read<{
    readonly transactions: Readonly<Record<string, Omit<CarrierTransaction, 'token'>>>
  }>(sandboxUrl, '/_transactions')
  return Object.entries(transactions).map(([token, transaction]) => ({ token, ...transaction }))
}

export const scenarioNames = async (sandboxUrl: string): Promise<string[]> => {
  const { scenarios } = await read<{
    readonly scenarios: readonly { readonly name: string }[]
  }>(sandboxUrl, '/_scenarios')
  return scenarios.map(({ name }) => name)
}

/** Calls since it began. */
export const countCalls = async (sandboxUrl: string): Promise<number> =>
  (await read<{ readonly calls: { readonly latest: number } }>(sandboxUrl, '/_state')).calls.latest

/** Moves the merchant's balance at the carrier, other than by our sales. */
export const moveBalance = async (sandboxUrl: string, by: number): Promise<void> => {
  const { balance } = await read<{ readonly balance: number }>(sandboxUrl, '/_state')
  await control(sandboxUrl, 'POST', '/_balance', { balance: balance + by })
}

const read = async <Answer>(sandboxUrl: string, path: string): Promise<Answer> =>
  (await (await control(sandboxUrl, 'GET', path)).json()) as Answer
