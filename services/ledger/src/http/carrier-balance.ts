import { CarrierBalance } from '@recargas/contracts'

export type BalanceClient = {
  /** @throws when the adapter does not answer in time, or has no answer of the carrier's to pass on */
  readonly ask: () => Promise<CarrierBalance>
  /** Ends a question under way. */
  readonly close: () => void
}

/** Reads the merchant's balance at the carrier from the adapter. */
export const createBalanceClient = (options: {
  readonly adapterUrl: string
  readonly serviceToken: string
  readonly timeoutMs: number
}): BalanceClient => {
  const url = new URL('/internal/balance', options.adapterUrl)
  const closing = new AbortController()
  return {
    ask: async () => {
      const response = await fetch(url, {
        headers: { authorization: `Bearer ${options.serviceToken}` },
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(options.timeoutMs)]),
      })
      if (!response.ok) throw new Error(`the adapter answered ${response.status}`)
      return CarrierBalance.parse(await response.json())
    },
    close: () => closing.abort(),
  }
}
