import type { Writable } from 'node:stream'

/** Lines to a stream that may be closed, full or unread: a line that cannot be written is dropped and counted. */
export type LineOutput = {
  /** Never throws and never waits. */
  readonly write: (line: string) => void
}

type Settings = {
  readonly stream: Writable
  /** Lines beyond this size of the stream's buffer are dropped: a pipe without a reader costs no more memory. */
  readonly bytesMax?: number
  /** The line to write once lines get through again. */
  readonly resumedLine: (dropped: number) => string
}

const usualBytesMax = 1_048_576

let dropped = 0
/** Log lines that this process could not write, over all its outputs. */
export const droppedLines = (): number => dropped

const handled = new WeakSet<Writable>()

/** A stream without a listener ends the process at its first error, such as EPIPE. */
export const ignoreErrorsOf = (stream: Writable): void => {
  if (handled.has(stream)) return
  handled.add(stream)
  stream.on('error', () => undefined)
}

export const createLineOutput = (settings: Settings): LineOutput => {
  const { stream, bytesMax = usualBytesMax, resumedLine } = settings
  ignoreErrorsOf(stream)
  let unreported = 0
  /** A full disk may have taken half of a line. */
  let isTorn = false

  const drop = (lines: number) => {
    dropped += lines
    unreported += lines
  }
  const put = (line: string, onFailure: () => void) => {
    const text = isTorn ? `\n${line}\n` : `${line}\n`
    isTorn = false
    const settle = (error: unknown) => {
      if (error) {
        isTorn = true
        onFailure()
      } else if (unreported > 0 && stream.writableLength <= bytesMax / 2) {
        report()
      }
    }
    try {
      stream.write(text, settle)
    } catch (error) {
      // Older versions of Node throw where a file cannot be written.
      settle(error)
    }
  }
  const report = () => {
    const lines = unreported
    unreported = 0
    put(resumedLine(lines), () => (unreported += lines))
  }
  return {
    write: (line) => {
      if (stream.writableLength + Buffer.byteLength(line) > bytesMax) drop(1)
      else put(line, () => drop(1))
    },
  }
}
