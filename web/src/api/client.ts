import { createRecargasClient, type paths } from '@recargas/client'
import { expire, person } from '../session/session.ts'
import { noteAnswer, noteFailure } from './connection.ts'

/** The body of a request, as the API document has it. */
export type BodyOf<
  Path extends keyof paths,
  Method extends 'post' | 'patch' = 'post',
> = paths[Path][Method] extends { requestBody: { content: { 'application/json': infer Body } } }
  ? Body
  : never

const bearer = 'Bearer '

const observedFetch = async (request: Request): Promise<Response> => {
  const sentAtMs = performance.now()
  try {
    const response = await fetch(request)
    noteAnswer(response, sentAtMs)
    if (response.status === 401) {
      expire((request.headers.get('authorization') ?? '').slice(bearer.length))
    }
    return response
  } catch (error) {
    noteFailure(error)
    throw error
  }
}

/**
 * The only way to the gateway. A press is answered within seconds even where the carrier or the network is slow: its key is
 * kept, and the sale is followed in the background.
 */
export const client = createRecargasClient({
  baseUrl: window.location.origin,
  token: () => person.value?.token ?? '',
  fetch: observedFetch,
  limits: { waitSeconds: 5, requestTimeoutMs: 20_000, giveUpAfterMs: 6_000, pauseMsMax: 2_000 },
})
