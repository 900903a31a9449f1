import type { Canaries, Trace, TraceFile } from './traces.ts'

/** Each must have been looked at: a scan of nothing proves nothing. */
const services = ['gateway', 'ledger', 'adapter'] as const

const anyToken = /eyJ[\w-]{8,}\.[\w-]{8,}/
const secretLengthMin = 8

export type Scan = {
  readonly problems: readonly string[]
  readonly lines: number
  readonly numbers: number
}

/** Searches every trace for every canary. @returns a problem also for each kind of trace that is too rare */
export const scanTraces = (traces: readonly Trace[]): Scan => {
  const lines = traces.flatMap(({ logs }) => logs).reduce((sum, file) => sum + linesOf(file), 0)
  const numbers = traces.reduce((sum, { canaries }) => sum + canaries.numbers.length, 0)
  return { problems: [...traces.flatMap(found), ...missing(traces, numbers)], lines, numbers }
}

const linesOf = ({ text }: TraceFile): number => text.split('\n').filter(Boolean).length

const found = ({ stack, canaries, logs, metrics }: Trace): readonly string[] =>
  [
    ...logs.map((file) => ({ ...file, kind: 'log' })),
    ...metrics.map((file) => ({ ...file, kind: 'metrics' })),
  ].flatMap(({ service, text, kind }) =>
    leaksIn(text, canaries).map(
      ({ what, line }) => `${stack}: ${kind} of ${service}:${line}: ${what}`,
    ),
  )

type Leak = { readonly what: string; readonly line: number }

/** The leak itself is not repeated: this is printed, too. */
const leaksIn = (text: string, { numbers, secrets }: Canaries): readonly Leak[] => {
  const lines = text.split('\n')
  const at = (what: string, holds: (line: string) => boolean): readonly Leak[] => {
    const index = lines.findIndex(holds)
    return index === -1 ? [] : [{ what, line: index + 1 }]
  }
  return [
    ...numbers.flatMap((number) => {
      const whole = new RegExp(`(?<![0-9a-f])${number}(?![0-9a-f])`)
      return at(`a phone number that ends in ${number.slice(-2)}`, (line) => whole.test(line))
    }),
    ...secrets
      .filter((secret) => secret.length >= secretLengthMin)
      .flatMap((secret, index) => at(`secret ${index + 1}`, (line) => line.includes(secret))),
    ...at('a token', (line) => anyToken.test(line)),
  ]
}

const missing = (traces: readonly Trace[], numbers: number): readonly string[] => {
  const of = (kind: 'logs' | 'metrics', service: string) =>
    traces.some((trace) =>
      trace[kind].some((file) => file.service === service && linesOf(file) > 0),
    )
  const requests = traces.flatMap(({ logs }) => logs).map(({ text }) => text)
  return [
    ...services.flatMap((service) => [
      ...(of('logs', service) ? [] : [`no log of ${service} was scanned`]),
      ...(of('metrics', service) ? [] : [`no metrics of ${service} were scanned`]),
    ]),
    ...(numbers > 0 ? [] : ['no phone number was looked for']),
    // Requires that a sale was logged at all, with its number masked.
    ...(requests.some((text) => /"number":"\*{4,}\d\d"/.test(text))
      ? []
      : ['no request that holds a phone number was logged']),
  ]
}
