import { mkdirSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { dirname } from 'node:path'
import { commitOf, machineOf } from '@recargas/stack/provenance'

export type Say = (line: string) => void

/** The commit, the time and the machine of a figure. */
export const provenance = () => ({
  commit: commitOf(),
  at: new Date().toISOString(),
  machine: machineOf(),
})

/** The load average of the last minute. */
export const loadAverage = () => Math.round((loadavg()[0] ?? 0) * 10) / 10

export const keepFigure = (file: string, figure: object): void => {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify({ ...provenance(), ...figure }, null, 2)}\n`)
}

const lineEveryMs = 15_000
let lastLineAt = -lineEveryMs

/** Replaces one line on a terminal; elsewhere prints a line at most every 15 seconds. */
export const progress: Say = (line) => {
  if (process.stdout.isTTY) {
    process.stdout.write(`\r\u001B[K${line}`)
    return
  }
  if (performance.now() - lastLineAt < lineEveryMs) return
  lastLineAt = performance.now()
  console.log(line)
}

export const say: Say = (line) => {
  if (process.stdout.isTTY) process.stdout.write('\r\u001B[K')
  console.log(line)
}
