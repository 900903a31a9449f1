import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'

/** One log line of a service. A line that is not our JSON, such as the last words of a dying process, is its message alone. */
export type LogLine = {
  readonly at: string
  readonly service: string
  readonly level: string
  readonly message: string
  readonly correlationId: string | null
  readonly fields: Readonly<Record<string, unknown>>
}

export type LogFilter = {
  /** Correlation ids, and ids of sales or other operations: a line of any of them is wanted. */
  readonly correlations?: readonly string[] | undefined
  readonly service?: string | undefined
}

/** Files that are no service's, and need no reading aloud. */
const servers = new Set(['mongodb', 'rabbitmq'])

export const serviceLogs = async (folder: string): Promise<readonly string[]> => {
  const names = await readdir(folder).catch(() => [])
  return names
    .filter((name) => name.endsWith('.log') && !servers.has(basename(name, '.log')))
    .map((name) => join(folder, name))
}

export const parseLine = (text: string, file: string): LogLine => {
  const read = jsonOf(text)
  if (read === null) {
    const service = basename(file, '.log')
    return { at: '', service, level: 'error', message: text, correlationId: null, fields: {} }
  }
  const { timestamp, service, level, message, correlationId, ...fields } = read
  return {
    at: textOf(timestamp),
    service: textOf(service) || basename(file, '.log'),
    level: textOf(level) || 'info',
    message: textOf(message),
    correlationId: typeof correlationId === 'string' ? correlationId : null,
    fields,
  }
}

const jsonOf = (text: string): Readonly<Record<string, unknown>> | null => {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : null
  } catch {
    return null
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

export const isWanted = ({ correlationId, service, fields }: LogLine, wanted: LogFilter): boolean =>
  (wanted.service === undefined || service === wanted.service) &&
  (wanted.correlations === undefined ||
    [correlationId, fields['operationId'], fields['topupId']].some(
      (id) => typeof id === 'string' && wanted.correlations?.includes(id),
    ))

/** Reads the matching lines of the services' files, oldest first; beyond the limit, the newest. */
export const readLogLines = async (
  folder: string,
  filter: LogFilter,
  linesMax: number,
): Promise<readonly LogLine[]> => {
  const files = await serviceLogs(folder)
  const perFile = await Promise.all(files.map((file) => readFile(file, filter, linesMax)))
  return perFile
    .flat()
    .sort((one, other) => (one.at < other.at ? -1 : Number(one.at > other.at)))
    .slice(-linesMax)
}

const readFile = async (file: string, filter: LogFilter, linesMax: number) => {
  const lines: LogLine[] = []
  let at = ''
  for await (const text of createInterface({ input: createReadStream(file) })) {
    if (text === '') continue
    const read = parseLine(text, file)
    // A line without a time belongs to the line before it.
    at = read.at || at
    const line = { ...read, at }
    if (!isWanted(line, filter)) continue
    lines.push(line)
    if (lines.length > linesMax * 2) lines.splice(0, lines.length - linesMax)
  }
  return lines.slice(-linesMax)
}
