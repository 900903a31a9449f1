import CircuitBreaker from 'opossum'
import { offeredOf } from './provider-list.ts'
import type { CallResult } from '../../domain/call-result.ts'
import { breakerOptions, followCircuit, type BehindBreaker } from './breaker.ts'
import { startClock } from './calls.ts'
import type { CarrierObserver } from '../../domain/carrier-calls.ts'
import type { CarrierClient } from './client.ts'

export type Providers = {
  /** The slugs of the carrier's last readable list; null before the first. */
  readonly offered: () => string[] | null
  readonly close: () => void
}

type Deps = BehindBreaker & {
  /** Pause between two readings; a failed one is repeated sooner. */
  readonly everyMs: number
}

const providersPath = '/service_providers'
const againMsMax = 30_000

/** Keeps the carrier's own list of operators, behind a breaker of its own: it must never touch that of the sales. */
export const followProviders = ({ client, breaker, everyMs, observer }: Deps): Providers => {
  let offered: string[] | null = null
  let isClosed = false
  let timer: NodeJS.Timeout | undefined
  const options = breakerOptions({ operation: 'providers', ...breaker })
  const reader = new CircuitBreaker(() => read(client, observer), options)
  followCircuit(reader, 'providers', observer)
  const follow = async (): Promise<void> => {
    // A failed reading keeps the last list: an old one is closer to the truth than none.
    const list = await reader.fire().catch(() => null)
    if (list !== null) offered = list
    // Closed while the list was being read: no further timer.
    if (isClosed) return
    timer = setTimeout(() => void follow(), list === null ? Math.min(everyMs, againMsMax) : everyMs)
    timer.unref()
  }
  void follow()
  return {
    offered: () => offered,
    close: () => {
      isClosed = true
      clearTimeout(timer)
      reader.shutdown()
    },
  }
}

const read = async (
  client: Pick<CarrierClient, 'call'>,
  { called }: CarrierObserver,
): Promise<string[]> => {
  const stop = startClock()
  const callResult = await client.call({ method: 'GET', path: providersPath })
  const list = listOf(callResult)
  const result = list === null ? 'bad' : 'good'
  called({ operation: 'providers', callResult, result, seconds: stop() })
  if (list === null) throw new Error('the carrier gave no list of operators')
  return list
}

const listOf = (callResult: CallResult): string[] | null =>
  callResult.kind === 'answer' && callResult.httpStatus >= 200 && callResult.httpStatus < 300
    ? offeredOf(callResult.body)
    : null
