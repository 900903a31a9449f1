import { BundleQuery, type CarrierBalance } from '@recargas/contracts'
import { Router, type Response } from 'express'
import type { Bundles } from '../bundles/read-bundles.ts'

export type CarrierReads = {
  readonly bundles: Bundles
  /** The balance at this moment; null where the carrier does not answer. */
  readonly readBalance: () => Promise<CarrierBalance | null>
}

const retryAfterSeconds = 5

/** The carrier's packages for the gateway, and its balance for the reconciliation. */
export const bundleRoutes = ({ bundles, readBalance }: CarrierReads): Router => {
  const router = Router()
  router.get('/bundles/providers', async (_request, response) => {
    answer(response, await bundles.providers())
  })
  router.get('/bundles', async (request, response) => {
    const query = BundleQuery.safeParse(request.query)
    if (!query.success) {
      const problems = query.error.issues.map(({ message }) => message)
      response.status(400).json({ code: 'BAD_REQUEST', problems })
      return
    }
    answer(response, await bundles.page(query.data))
  })
  router.get('/bundles/:provider/:code', async (request, response) => {
    const { provider, code } = request.params
    const quote = await bundles.quote(provider, code)
    if (quote === 'no-such-bundle') response.status(404).json({ code: 'NOT_FOUND' })
    else answer(response, quote)
  })
  router.get('/balance', async (_request, response) => {
    answer(response, await readBalance())
  })
  return router
}

const answer = (response: Response, known: object | null): void => {
  response.set('cache-control', 'no-store')
  if (known === null) {
    response.status(503).set('retry-after', String(retryAfterSeconds)).json({ code: 'UNAVAILABLE' })
  } else {
    response.json(known)
  }
}
