import type { ServerResponse } from 'node:http'

/** Pending work of the sandbox: delayed actions and connections kept open on purpose. */
export type Activity = {
  /** Works for a caller after `delayMs`, at once for 0, even if it has left; never after `abandon`. */
  readonly after: (delayMs: number, response: ServerResponse, work: () => void) => void
  /** Keeps a connection open without an answer, at most `longestMs`, then resets it. */
  readonly hold: (response: ServerResponse, longestMs: number) => void
  /** Forgets all delayed work and resets the connections that wait for it or are held. */
  readonly abandon: () => void
}

export function createActivity(): Activity {
  const waiting = new Map<NodeJS.Timeout, ServerResponse>()
  const held = new Set<ServerResponse>()

  const after = (delayMs: number, response: ServerResponse, work: () => void) => {
    if (delayMs === 0) {
      work()
      return
    }
    const timer = setTimeout(() => {
      waiting.delete(timer)
      work()
    }, delayMs)
    waiting.set(timer, response)
  }

  return {
    after,
    hold: (response, longestMs) => {
      held.add(response)
      const timer = setTimeout(() => resetConnection(response), longestMs)
      response.once('close', () => {
        clearTimeout(timer)
        held.delete(response)
      })
    },
    abandon: () => {
      for (const [timer, response] of waiting) {
        clearTimeout(timer)
        resetConnection(response)
      }
      waiting.clear()
      for (const response of held) resetConnection(response)
    },
  }
}

/** Ends a connection the way a crashed peer does: with a TCP reset, not an orderly close. */
export function resetConnection(response: ServerResponse): void {
  const { socket } = response
  // A reset during an orderly close fails and would leave the socket open for ever.
  if (socket?.writableEnded) socket.destroy()
  else socket?.resetAndDestroy()
}
