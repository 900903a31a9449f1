import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { Setting } from './queues.ts'

type Asked = {
  readonly destination_number: string
  readonly idempotency_token: string
}

/**
 * A carrier that authorizes at once, the same for every path: its own cost is not compared. It counts its debits by token, so
 * that the ledgers can be proven against it.
 */
export const run = (setting: Setting): void => {
  const debits = new Map<string, number>()
  const providers = ['tigo', 'entel', 'viva'].map((slug) => ({ name: slug, slug }))
  const answers: Readonly<Record<string, () => unknown>> = {
    'GET /_transactions': () => ({
      transactions: Object.fromEntries(
        [...debits].map(([token, count]) => [token, { debits: count }]),
      ),
    }),
    'GET /_debits': () => ({
      sales: debits.size,
      twice: [...debits.values()].filter((count) => count > 1).length,
    }),
    'GET /merchant/balance': () => ({ balance: 1_000_000_000, max_loan_amount: 0 }),
    'GET /service_providers': () => ({ service_providers: providers }),
  }
  createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      response.setHeader('content-type', 'application/json')
      const known = answers[`${request.method ?? ''} ${request.url ?? ''}`]
      if (known !== undefined) {
        response.end(JSON.stringify(known()))
        return
      }
      const asked = JSON.parse(Buffer.concat(chunks).toString()) as Asked
      const token = asked.idempotency_token
      debits.set(token, (debits.get(token) ?? 0) + 1)
      response.end(
        JSON.stringify({ ...asked, token: randomUUID(), status: 'authorized', result_code: '00' }),
      )
    })
  }).listen(Number(setting('PORT')), '127.0.0.1')
}
