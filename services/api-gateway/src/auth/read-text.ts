import { open } from 'node:fs/promises'
import { Agent, request } from 'undici'

export type TextReader = {
  readonly read: () => Promise<string>
  readonly close: () => Promise<void>
}

type Limits = { readonly timeoutMs: number; readonly bytesMax: number }

/** Reads a configured http, https or file address, bounded in time and size. Follows no redirect. */
export const createTextReader = (address: string, limits: Limits): TextReader => {
  const url = new URL(address)
  return url.protocol === 'file:' ? fileReader(url, limits) : httpReader(url, limits)
}

const fileReader = (url: URL, { bytesMax }: Limits): TextReader => ({
  read: async () => {
    const file = await open(url, 'r')
    try {
      if ((await file.stat()).size > bytesMax) throw new Error(`over ${bytesMax} bytes`)
      return await file.readFile('utf8')
    } finally {
      await file.close()
    }
  },
  close: () => Promise.resolve(),
})

const httpReader = (url: URL, { timeoutMs, bytesMax }: Limits): TextReader => {
  const agent = new Agent({
    connections: 1,
    connect: { timeout: timeoutMs },
    maxResponseSize: bytesMax,
  })
  return {
    read: async () => {
      const answer = await request(url, {
        dispatcher: agent,
        headers: { accept: 'application/json' },
        // Over all of it: connecting, waiting and reading.
        signal: AbortSignal.timeout(timeoutMs),
      })
      if (answer.statusCode !== 200) {
        await answer.body.dump()
        throw new Error(`${url.origin}${url.pathname}: ${answer.statusCode}`)
      }
      return answer.body.text()
    },
    close: () => agent.destroy(),
  }
}
