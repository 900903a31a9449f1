import type { Operation } from '../accounting/operation.ts'
import type { LogEntry } from '../accounting/entry.ts'

/** The frame and the operation of an entry's text: all that a replay needs of it, unless it differs. */
export type EntryHead = {
  readonly text: string
  readonly frame: Pick<LogEntry, 'id' | 'kind' | 'day'>
  readonly operation: Operation
  /** The operation's own text. */
  readonly operationText: string
}

const operationMark = ',"operation":'
const outcomeMark = ',"outcome":'
/** An operation may hold the second mark itself. */
const triesMax = 8

/**
 * Reads the first part of an entry as `serializeEntry` writes it. The rest is not read: a replay makes it again, and texts
 * are equal or not. Parsing everything would take most of a proof's time.
 * @returns null where the text is of another shape
 */
export const entryHeadOf = (text: string): EntryHead | null => {
  const frameEnd = text.indexOf(operationMark)
  if (frameEnd === -1) return null
  const frame = objectOf(`${text.slice(0, frameEnd)}}`)
  if (typeof frame?.['id'] !== 'string' || typeof frame['kind'] !== 'string') return null
  const start = frameEnd + operationMark.length
  let end = start
  for (let tries = 0; tries < triesMax; tries += 1) {
    end = text.indexOf(outcomeMark, end + 1)
    if (end === -1) return null
    const operationText = text.slice(start, end)
    const operation = objectOf(operationText)
    if (operation === null) continue
    if (typeof operation['type'] !== 'string' || typeof operation['data'] !== 'object') return null
    if (operation['data'] === null) return null
    return {
      text,
      frame: frame as EntryHead['frame'],
      operation: operation as Operation,
      operationText,
    }
  }
  return null
}

const objectOf = (text: string): Readonly<Record<string, unknown>> | null => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/** The id that a till gave to the operation; null for an operation that no till sent. */
export const operationIdOf = ({ data }: Operation): string | null =>
  'operationId' in data ? data.operationId : null
