import { describe, expect, test } from '@jest/globals'
import type { FundsReserved } from '@recargas/contracts'
import type { Evidence } from '../domain/evidence.ts'
import type { SaleRecord } from '../domain/sale.ts'
import { adapterInMemory } from '../testing/adapter-in-memory.ts'
import { aJob, asMessage } from '../testing/jobs.ts'
import type { SalesCarrier } from './attempts.ts'

/**
 * A carrier of another kind than Tpaga, played by its rules: a token with a life, an outcome that comes later, lookups by
 * its own id or by ours, an identifier that is refused instead of replayed, fixed plans, and an account in dollars
 * (docs/adr/0035-carrier-seam.md). It shows that the seam carries all of that; none of it is sold.
 */
type Transaction = { readonly reference: string; status: 'PROCESSING' | 'SUCCESSFUL' | 'REFUNDED' }
type Answer = { readonly http: number; readonly code?: string; readonly transaction?: Transaction }

const playCarrier = () => {
  const play = {
    isTokenHostUp: true,
    /** Tokens made so far; the API accepts the newest one, unless it was revoked. */
    tokens: 0,
    isRevoked: false,
    /** The next sale is made, and its answer is lost. */
    losesAnswer: false,
    finishesAs: 'SUCCESSFUL' as Transaction['status'],
    plans: ['10', '20'] as readonly string[],
    transactions: new Map<string, Transaction>(),
    calls: [] as string[],
  }
  const fetchToken = async (): Promise<number | null> => {
    await Promise.resolve()
    if (!play.isTokenHostUp) return null
    play.tokens += 1
    play.isRevoked = false
    return play.tokens
  }
  const sell = (token: number, body: string): Answer | null => {
    const { customIdentifier } = JSON.parse(body) as { readonly customIdentifier: string }
    play.calls.push(`sell ${body}`)
    if (token !== play.tokens || play.isRevoked) return { http: 401 }
    if (play.transactions.has(customIdentifier)) {
      return { http: 400, code: 'CUSTOM_IDENTIFIER_ALREADY_USED' }
    }
    const transaction: Transaction = { reference: '4711', status: 'PROCESSING' }
    play.transactions.set(customIdentifier, transaction)
    return play.losesAnswer ? null : { http: 200, transaction }
  }
  const find = (by: 'reference' | 'identifier', key: string): Answer => {
    play.calls.push(`find by ${by} ${key}`)
    const found = [...play.transactions].find(([identifier, { reference }]) =>
      by === 'reference' ? reference === key : identifier === key,
    )
    if (found === undefined) return { http: 404 }
    const [, transaction] = found
    // Finished by the second look.
    const answer = { http: 200, transaction: { ...transaction } }
    transaction.status = play.finishesAs
    return answer
  }
  return { play, fetchToken, sell, find }
}

const evidenceOf = (answer: Answer | null): Evidence => {
  const none = { proves: 'pending', ambiguous: true, failure: true, observed: 'no answer' } as const
  if (answer === null) return none
  const { http, code, transaction } = answer
  const answered = { failure: false, ambiguous: false, observed: code ?? String(http) } as const
  if (http === 401) return { ...answered, proves: 'misconfigured', alert: 'misconfigured' }
  if (code !== undefined) return { ...answered, proves: 'pending', ambiguous: true }
  if (transaction === undefined) return { ...answered, proves: 'pending' }
  const { reference, status } = transaction
  const known = { ...answered, reference, carrierStatus: status }
  if (status === 'PROCESSING') return { ...known, proves: 'pending' }
  const cost = { amount: '1.44928', currency: 'USD' }
  return { ...known, cost, proves: status === 'SUCCESSFUL' ? 'authorized' : 'rejected' }
}

const referenceOf = ({ attempts }: SaleRecord) =>
  attempts.findLast(({ answer }) => answer?.reference !== undefined)?.answer?.reference

/** A whole carrier folder in small: everything that it needs to know of a sale comes through the seam. */
const tokenCarrier = ({ fetchToken, sell, find, play }: ReturnType<typeof playCarrier>) => {
  let token: number | null = null
  let fetching: Promise<number | null> | null = null
  const currentToken = (isRefused = false): Promise<number | null> => {
    if (token !== null && !isRefused) return Promise.resolve(token)
    fetching ??= fetchToken().then((fetched) => {
      fetching = null
      token = fetched
      return fetched
    })
    return fetching
  }
  const literal = ({ carrierAmount }: FundsReserved) => String(carrierAmount / 100)
  const carrier: SalesCarrier = {
    callTimeoutMs: 1_000,
    requestBody: (job) =>
      JSON.stringify({
        ...job.terms,
        amount: literal(job),
        useLocalAmount: true,
        customIdentifier: job.topupId,
      }),
    admit: async (job, purpose) => {
      if (purpose === 'sale' && !play.plans.includes(literal(job))) {
        return { kind: 'refused', why: 'not-offered' }
      }
      const held = await currentToken()
      if (held === null) return { kind: 'refused', why: 'no-token' }
      return {
        kind: 'admitted',
        release: () => undefined,
        send: async ({ sale }) => {
          if (purpose === 'lookup') {
            const reference = referenceOf(sale)
            return evidenceOf(
              reference === undefined
                ? find('identifier', sale.topupId)
                : find('reference', reference),
            )
          }
          const answer = sell(held, sale.body)
          if (answer?.http !== 401) return evidenceOf(answer)
          // A 401 proves that nothing ran: the same bytes go once more under a new token.
          const renewed = await currentToken(true)
          return evidenceOf(renewed === null ? answer : sell(renewed, sale.body))
        },
      }
    },
    notSent: (why) => ({ proves: 'not-sent', ambiguous: false, observed: why, failure: false }),
    followUp: (sale) => ({
      by: 'look-up',
      stepsMs: referenceOf(sale) === undefined ? [5_000, 15_000] : [2_000, 5_000, 10_000],
    }),
    afterLookups: (sale) => sale,
  }
  return carrier
}

const aWorld = () => {
  const played = playCarrier()
  const carrier = tokenCarrier(played)
  const { clock, ...adapter } = adapterInMemory({ carrierOf: () => carrier })
  const job = (changes: Parameters<typeof aJob>[0] = {}) =>
    aJob({
      requestedAt: new Date(clock.now).toISOString(),
      terms: { operatorId: '35', country: 'BO' },
      ...changes,
    })
  return {
    play: played.play,
    job,
    deliver: (sold: FundsReserved) => adapter.deliver(asMessage(sold)),
    look: (afterMs: number) => {
      clock.now += afterMs
      return adapter.repeat()
    },
    last: adapter.last,
    sells: () => played.play.calls.filter((call) => call.startsWith('sell')),
    finds: () => played.play.calls.filter((call) => call.startsWith('find')),
  }
}

describe('a carrier with a token that lives for a while', () => {
  test('sells nothing without one, and proves it', async () => {
    const { play, job, deliver, last } = aWorld()
    play.isTokenHostUp = false
    await deliver(job())
    expect(last()).toMatchObject({ verdict: 'not-sent', attempts: [] })
    expect(play.calls).toEqual([])
  })

  test('shares one among parallel sales', async () => {
    const { play, job, deliver, sells } = aWorld()
    await Promise.all([deliver(job()), deliver(job())])
    expect([play.tokens, sells().length]).toEqual([1, 2])
  })

  test('renews a refused one once and sends the same bytes; refused again it is misconfigured', async () => {
    const { play, job, deliver, sells, last } = aWorld()
    await deliver(job())
    play.isRevoked = true
    await deliver(job())
    const [, refused, sent] = sells()
    expect(sent).toBe(refused)
    expect([play.tokens, last()?.verdict]).toEqual([2, 'pending'])
    play.isRevoked = true
    play.isTokenHostUp = false
    await deliver(job())
    expect(last()).toMatchObject({ verdict: 'misconfigured' })
  })
})

describe('a carrier whose outcome comes later', () => {
  test('keeps its id with the attempt and looks it up by that, on a schedule of its own', async () => {
    const { job, deliver, look, finds, last } = aWorld()
    await deliver(job())
    const [accepted] = last()?.attempts ?? []
    expect(last()?.verdict).toBe('pending')
    expect(accepted).toMatchObject({ reference: '4711', carrierStatus: 'PROCESSING' })
    expect(accepted?.unclear).toBeUndefined()
    await look(2_000)
    await look(3_000)
    expect(finds()).toEqual(['find by reference 4711', 'find by reference 4711'])
    expect(last()).toMatchObject({ verdict: 'authorized' })
    expect(last()?.attempts.at(-1)?.cost).toEqual({ amount: '1.44928', currency: 'USD' })
  })

  test('that gave the money back is released', async () => {
    const { play, job, deliver, look, last } = aWorld()
    play.finishesAs = 'REFUNDED'
    await deliver(job())
    await look(2_000)
    await look(3_000)
    expect(last()?.verdict).toBe('rejected')
  })

  test('is asked by our identifier where its answer was lost, and never sold a second time', async () => {
    const { play, job, deliver, look, sells, finds, last } = aWorld()
    play.losesAnswer = true
    const sold = job()
    await deliver(sold)
    expect(last()?.verdict).toBe('pending')
    await look(5_000)
    await look(5_000)
    expect(finds()).toEqual([`find by identifier ${sold.topupId}`, 'find by reference 4711'])
    expect([sells().length, last()?.verdict]).toEqual([1, 'authorized'])
  })

  test('takes a refused identifier for no answer: the sale is looked up, not rejected and not authorized', async () => {
    const { play, job, deliver, look, finds, last } = aWorld()
    const sold = job()
    play.transactions.set(sold.topupId, { reference: '4711', status: 'SUCCESSFUL' })
    await deliver(sold)
    expect(last()?.verdict).toBe('pending')
    expect(last()?.attempts[0]?.unclear).toBe(true)
    await look(5_000)
    expect(finds()).toEqual([`find by identifier ${sold.topupId}`])
    expect(last()?.verdict).toBe('authorized')
  })
})

test('a plan that the carrier does not list is refused before anything is sent, with the terms of its row in the rest', async () => {
  const { job, deliver, sells, last } = aWorld()
  await deliver(job({ carrierAmount: 1_500 }))
  expect(last()).toMatchObject({ verdict: 'not-sent', withheld: 'not-offered', attempts: [] })
  await deliver(job({ carrierAmount: 2_000 }))
  expect(sells()).toEqual([
    expect.stringMatching(/^sell \{"operatorId":"35","country":"BO","amount":"20","useLocal/),
  ])
})
