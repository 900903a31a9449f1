import winston from 'winston'
import { maskValue } from './mask.ts'

export type LogFields = Readonly<Record<string, unknown>>
export type Log = {
  readonly debug: (message: string, fields?: LogFields) => void
  /** Fields that cost something to make are given as what makes them: nobody does where the level is not written. */
  readonly info: (message: string, fields?: LogFields | (() => LogFields)) => void
  readonly warn: (message: string, fields?: LogFields) => void
  readonly error: (message: string, fields?: LogFields) => void
}

/** Errors lose their message in JSON unless taken apart. */
const plain = (fields: LogFields | (() => LogFields) = {}): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(typeof fields === 'function' ? fields() : fields).map(([name, value]) => [
      name,
      value instanceof Error
        ? { name: value.name, message: value.message, stack: value.stack }
        : value,
    ]),
  )

/**
 * One JSON line per event on standard output. Whatever anybody logs, phone numbers and secrets are masked: messages of
 * errors and answers of the carrier hold what was sent.
 */
export const createLog = (service: string, level: string): Log => {
  const logger = winston.createLogger({
    level,
    defaultMeta: { service },
    format: winston.format.combine(
      winston.format.timestamp(),
      winston.format.json({ replacer: maskValue }),
    ),
    transports: [new winston.transports.Console()],
  })
  // winston formats a line before its transports ask whether they want it: what nobody reads is not made.
  const line = (of: keyof Log): Log['info'] =>
    logger.isLevelEnabled(of)
      ? (message, fields) => void logger.log(of, message, plain(fields))
      : () => undefined
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
}

/** Says nothing: for tests. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}
