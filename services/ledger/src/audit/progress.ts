export type Progress = {
  readonly show: (done: number, total: number, lines: number) => void
  /** Ends the terminal's line for the next output. */
  readonly end: () => void
}

type Output = Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>

const barMs = 200
const lineMs = 10_000
const barWidth = 30

/** A bar on a terminal, a plain line now and then in a log. */
export const createProgress = (output: Output, now: () => number): Progress => {
  const startedAt = now()
  let shownAt = output.isTTY ? -Infinity : startedAt
  let isShown = false
  return {
    show: (done, total, lines) => {
      if (now() - shownAt < (output.isTTY ? barMs : lineMs)) return
      shownAt = now()
      const text = progressText({ done, total }, lines, (shownAt - startedAt) / 1_000)
      if (!output.isTTY) {
        output.write(`${text}\n`)
        return
      }
      isShown = true
      output.write(
        `\r${bar(done, total)} ${text}`.slice(0, output.columns).padEnd(output.columns - 1),
      )
    },
    end: () => {
      if (isShown) output.write('\n')
    },
  }
}

const share = (done: number, total: number): number => (total === 0 ? 1 : Math.min(done / total, 1))

const bar = (done: number, total: number): string => {
  const filled = Math.round(share(done, total) * barWidth)
  return `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`
}

type Share = { readonly done: number; readonly total: number }

const progressText = ({ done, total }: Share, lines: number, seconds: number): string => {
  const percent = Math.floor(share(done, total) * 100)
  const rate = seconds > 0 ? Math.round(lines / seconds) : 0
  return `${percent} %  ${done} of ${total} blocks, ${rate} lines/s`
}
