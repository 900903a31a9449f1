import type { Servers } from '@recargas/stack/backend'
import type { Stack, StackOptions } from '@recargas/stack/supervisor'

export type Measured = {
  readonly runs: Readonly<Record<string, unknown>>
  readonly isGood: boolean
}

/** Options of a run; each figure has its own defaults. */
export type FigureOptions = {
  readonly sales: number
  readonly restarts?: number
  readonly rounds?: number
  readonly seconds?: number
}

export type Measuring = {
  readonly stack: Stack
  readonly servers: Servers
  readonly amqpUrl: string
  readonly folder: string
  readonly options: FigureOptions
}

/** A stated figure, measured on services and databases of its own. */
export type Figure = {
  readonly what: string
  /** Long ones are measured only when they are named. */
  readonly onlyNamed?: true
  readonly env?: StackOptions['env']
  readonly measure: (measuring: Measuring) => Promise<Measured>
}

/** Replaces the line before it, so that long work shows that it goes on. */
export const progress = (line: string): void => {
  process.stdout.write(`\r${line}`)
}
