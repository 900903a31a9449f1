import { assertNever } from '@recargas/contracts'
import type { RebuildProgress } from './rebuild-run.ts'

const everyMs = 1_000
/** The pace covers the last ten lines: blocks that an earlier run wrote are read far faster than written. */
const paceOf = 10

type Place = { readonly at: number; readonly done: number }

/** Prints the progress of a rebuild; repeated states print one line at intervals. */
export const createProgressPrinter = (
  write: (line: string) => void,
  nowMs: () => number,
): ((progress: RebuildProgress) => void) => {
  const places: Place[] = []
  let shownAt = -Infinity
  let isWritten = false
  let last: RebuildProgress['kind'] | null = null
  return (progress) => {
    const isSame = last === progress.kind
    last = progress.kind
    switch (progress.kind) {
      case 'writing': {
        const { done, total } = progress
        // Once everything is written, further blocks are not reported.
        if (isWritten || places.at(-1)?.done === done) return
        if (done < total && nowMs() - shownAt < everyMs) return
        shownAt = nowMs()
        const here = { at: nowMs(), done }
        places.push(here)
        if (places.length > paceOf) places.shift()
        write(writingText(here, total, places[0] ?? here))
        return
      }
      case 'waiting-for-lease':
        if (!isSame) write(`${progress.projection}: another rebuild may be under way; waiting`)
        return
      case 'resuming':
        write(
          `${progress.projection}: goes on with the rebuild of generation ${progress.generation}`,
        )
        return
      case 'retrying':
        if (!isSame || nowMs() - shownAt >= everyMs) {
          shownAt = nowMs()
          write(`${progress.projection} cannot be written; trying again: ${progress.reason}`)
        }
        return
      case 'settling':
        if (!isWritten) write('written; the ledger’s projectors go on with it')
        isWritten = true
        return
      case 'switched':
        write(
          `${progress.projection}: reads follow generation ${progress.generation}; the one of before is dropped in a minute`,
        )
        return
      case 'dropped':
        write(`${progress.projection}: generation ${progress.generation} is dropped`)
        return
      default:
        assertNever(progress)
    }
  }
}

const writingText = ({ at, done }: Place, total: number, since: Place): string => {
  const percent = total === 0 ? 100 : Math.floor((100 * done) / total)
  const perSecond = at > since.at ? (1_000 * (done - since.done)) / (at - since.at) : 0
  const left = perSecond > 0 ? `${Math.ceil((total - done) / perSecond)} s left` : 'time unknown'
  return `${percent} %  ${done} of ${total} blocks, ${Math.round(perSecond)} blocks/s, ${left}`
}
