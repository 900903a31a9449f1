import { Writable } from 'node:stream'
import winston from 'winston'
import { createLineOutput } from './line-output.ts'
import { maskValue } from './mask.ts'
import { traceIdOf } from './tracing/trace-context.ts'

export type LogFields = Readonly<Record<string, unknown>>
export type Log = {
  readonly debug: (message: string, fields?: LogFields) => void
  /** Costly fields are given as a function, which runs only when the level is written. */
  readonly info: (message: string, fields?: LogFields | (() => LogFields)) => void
  readonly warn: (message: string, fields?: LogFields) => void
  readonly error: (message: string, fields?: LogFields) => void
}

/** Errors lose their message in JSON unless taken apart. */
const plain = (fields: LogFields): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      value instanceof Error
        ? { name: value.name, message: value.message, stack: value.stack }
        : value,
    ]),
  )

/** The trace of a line about a request, under the name that collectors of logs look for. */
const traced = (fields: LogFields): LogFields => {
  const { correlationId } = fields
  return typeof correlationId === 'string'
    ? { ...fields, trace_id: traceIdOf(correlationId) }
    : fields
}

type Output = {
  readonly stream?: Writable
  /** Lines with a correlation id name its trace too. */
  readonly isTraced?: boolean
}

/**
 * One JSON line per event on standard output. Phone numbers and secrets are masked in every field and message: errors
 * and the carrier's answers hold them. A line that cannot be written is dropped and counted; the service goes on.
 */
export const createLog = (
  service: string,
  level: string,
  { stream = process.stdout, isTraced = false }: Output = {},
): Log => {
  const format = winston.format.combine(
    winston.format.timestamp(),
    winston.format.json({ replacer: maskValue }),
  )
  const output = createLineOutput({
    stream,
    resumedLine: (lines) => {
      const resumed = { level: 'warn', message: 'log lines were dropped', service, lines }
      const line = format.transform(resumed, {})
      return String((line as winston.Logform.TransformableInfo)[Symbol.for('message')])
    },
  })
  const logger = winston.createLogger({
    level,
    defaultMeta: { service },
    format,
    transports: [new winston.transports.Stream({ stream: linesTo(output.write), eol: '' })],
  })
  // winston formats a line before it checks its transports' levels; this skips a line that no transport writes.
  const line = (of: keyof Log): Log['info'] =>
    logger.isLevelEnabled(of)
      ? (message, given = {}) => {
          const fields = typeof given === 'function' ? given() : given
          logger.log(of, message, plain(isTraced ? traced(fields) : fields))
        }
      : () => undefined
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
}

/** Takes each line at once, so that none waits here. */
const linesTo = (write: (line: string) => void): Writable =>
  new Writable({
    decodeStrings: false,
    write: (line, _encoding, taken) => {
      write(String(line))
      taken()
    },
  })

/** Discards everything: for tests. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}
