import { styleText } from 'node:util'
import type { LogLine } from './lines.ts'

type Style = Parameters<typeof styleText>[0]

const serviceStyles: Readonly<Record<string, Style>> = {
  'api-gateway': 'cyan',
  ledger: 'green',
  'carrier-adapter': 'magenta',
  'tpaga-sandbox': 'blue',
}
const levelStyles: Readonly<Record<string, Style>> = { error: 'red', warn: 'yellow', debug: 'gray' }

const serviceWidth = 15
const levelWidth = 5
const timeOf = (at: string): string => at.slice(11, 23).padEnd(12)

/** True when the output may be coloured: never with NO_COLOR set (no-color.org), nor into a file or a pipe. */
export const wantsColour = (
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>> = process.env,
): boolean => stream.isTTY === true && !environment['NO_COLOR']

/** A line for people: time, service, level, message, and the rest as name=value; the trace comes last. */
export const showLine = (line: LogLine, isColoured: boolean): string => {
  const styled = (style: Style | undefined, text: string) =>
    isColoured && style !== undefined ? styleText(style, text, { validateStream: false }) : text
  const { stack, ...fields } = flat(line.fields)
  const rest = Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${styled('gray', `${name}=`)}${shown(value)}`)
  const trace = line.correlationId === null ? [] : [styled('gray', `⟨${line.correlationId}⟩`)]
  const words = [
    styled('gray', timeOf(line.at)),
    styled(serviceStyles[line.service], line.service.padEnd(serviceWidth)),
    styled(levelStyles[line.level], line.level.padEnd(levelWidth)),
    line.message,
    ...rest,
    ...trace,
  ]
  const under = typeof stack === 'string' ? `\n${styled('gray', indented(stack))}` : ''
  return words.join(' ') + under
}

/** An error's own name and message beside the other fields, its stack apart. */
const flat = ({ error, ...fields }: LogLine['fields']): Readonly<Record<string, unknown>> => {
  if (typeof error !== 'object' || error === null) return { ...fields, error }
  const { message, stack } = error as Readonly<Record<string, unknown>>
  return { ...fields, error: message, stack }
}

const shown = (value: unknown): string =>
  typeof value === 'string' && !/[\s"=]/.test(value) ? value : JSON.stringify(value)

const indented = (text: string): string =>
  text
    .split('\n')
    .map((row) => `  ${row}`)
    .join('\n')
