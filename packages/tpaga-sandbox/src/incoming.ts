import type { IncomingMessage } from 'node:http'

/** Splits a request target by hand: `new URL` throws on some of what a socket may send. */
export function pathAndQuery(target = '/'): { path: string; query: string } {
  const mark = target.indexOf('?')
  if (mark === -1) return { path: target, query: '' }
  return { path: target.slice(0, mark), query: target.slice(mark + 1) }
}

/** Reads a body as text, once; `undefined` as soon as it is longer than `maxBytes`. */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  onBody: (body: string | undefined) => void,
): void {
  const chunks: Buffer[] = []
  let bytes = 0
  let over = false
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (over) return
    if (bytes > maxBytes) {
      over = true
      onBody(undefined)
      return
    }
    chunks.push(chunk)
  })
  request.on('end', () => {
    if (over) return
    // Nearly every body of a sale arrives in one piece.
    const whole = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)
    onBody((whole ?? Buffer.alloc(0)).toString('utf8'))
  })
}
