import {
  QuarantineGroups,
  QuarantinePage,
  quarantinePageMax,
  QuarantineResults,
} from '@recargas/contracts'
import { sumOf } from './statistics.ts'
import type { System } from './system.ts'

const answerTimeoutMs = 10_000
const pagesMax = 50

/** The ledger's quarantine, by its internal routes. */
export const quarantineOf = ({ urls, serviceToken }: Pick<System, 'urls' | 'serviceToken'>) => {
  const ask = async (path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${urls.ledger}/internal/quarantine${path}`, {
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
      headers: { authorization: `Bearer ${serviceToken}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(answerTimeoutMs),
    })
    if (!response.ok) throw new Error(`the quarantine answers ${response.status}`)
    return response.json()
  }
  return {
    count: async (): Promise<number> =>
      sumOf(QuarantineGroups.parse(await ask('/groups')).map(({ count }) => count)),
    /** The messages that came into quarantine since that time. */
    readSince: async (since: number) => {
      const found: QuarantinePage['messages'] = []
      let cursor: string | null = `${since}.${'0'.repeat(32)}`
      for (let pages = 0; cursor !== null && pages < pagesMax; pages += 1) {
        const query = new URLSearchParams({ limit: String(quarantinePageMax), cursor })
        const page: QuarantinePage = QuarantinePage.parse(await ask(`?${query.toString()}`))
        found.push(...page.messages)
        cursor = page.next
      }
      return found
    },
    discardAll: async (by: string, reason: string): Promise<void> => {
      const before = new Date().toISOString()
      const choice = { of: 'group', filter: {}, before, limit: 100 }
      QuarantineResults.parse(await ask('/discard', { by, reason, dryRun: false, choice }))
    },
  }
}
