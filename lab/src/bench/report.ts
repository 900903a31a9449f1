import type { DiskPerSale } from './measure/disk.ts'
import type { Memory, Ratios, Results, Verified } from './results.ts'
import { slowestMsMax } from './measure/plan.ts'
import type { Cell, Log } from './measure/rounds.ts'
import { rounded, type Spread } from './measure/statistics.ts'

/** Prints the results, one table for each scenario. */
export const printReport = (
  results: Results,
  ratios: Ratios,
  memory: Memory,
  verified: Verified,
  say: Log,
): void => {
  const { paths, spread, writer, rates, waiting, instances, grown, takeover } = results
  if (paths !== null) {
    printCells('one hot float', paths.cells, say)
    say(`  one majority-journaled write: p50 ${inRange(paths.writeP50Ms)} ms`)
  }
  if (spread !== null) printCells('one float, ten, a thousand by Zipf', spread.cells, say)
  if (writer !== null) {
    say(
      `\nwriters, entries/s: median (least to most), batches of ${writer.batchSize}, projections included`,
    )
    say(`  our writer, fed from memory       ${inRange(writer.writerEntriesPerSecond)}`)
    say(`  its appends and projections, bare ${inRange(writer.rawEntriesPerSecond)}`)
    say(
      `  medici, guarded, ${writer.mediciClients} clients       ${inRange(writer.mediciEntriesPerSecond)}`,
    )
  }
  if (rates !== null) {
    say(`\nat fixed rates (open loop; maximum ${rates.maximumPerSecond} sales/s)`)
    say(`  at the maximum the projections lag p99 ${rates.projectionLagP99Ms} ms behind`)
    for (const { perSecond, latencyMs, errors, other } of rates.rates) {
      const { p50, p99, p999, max } = latencyMs
      const refused = Object.values(other).reduce((sum, count) => sum + count, errors)
      say(
        `  ${column(perSecond, 5)}/s  p50 ${column(p50, 8)}  p99 ${column(p99, 8)}  p99.9 ${column(p999, 8)}  max ${column(max, 8)} ms  not sold ${refused}`,
      )
    }
    say(
      `  at half of the maximum ${rates.half.isSteady ? 'every request was a sale' : 'NOT every request was a sale'} within ${slowestMsMax} ms`,
    )
  }
  if (waiting !== null) {
    say(`\n${waiting.messages} commands waiting: settled in ${waiting.settledSeconds} s`)
    printUsage(waiting, say)
    printDisk(waiting.disk, say)
  }
  if (instances !== null) printCells('ledger instances, many shops', instances.cells, say)
  if (takeover !== null) {
    const { entries, blocks, held, servedMs } = takeover
    say(`takeover of ${entries} entries in ${blocks} blocks, ${held} sales held`)
    say(`  first command appended after ${servedMs.join(', ')} ms`)
  }
  if (grown !== null) {
    printCells(`with ${grown.entries} entries stored, and with none`, grown.cells, say)
    for (const [name, page] of Object.entries(grown.pages)) {
      say(
        `  ${name}: p95 ${page.grownP95Ms} ms, with none ${page.emptyP95Ms} ms: ${page.grownVsEmpty}`,
      )
    }
    const { lines, linesPerSecond, rawLinesPerSecond } = grown.verify
    say(
      `  verify: ${lines} posting lines at ${linesPerSecond} lines/s; the same documents read by the bare driver: ${rawLinesPerSecond} lines/s`,
    )
  }
  printSummary(ratios, memory, verified, say)
}

const printSummary = (ratios: Ratios, memory: Memory, verified: Verified, say: Log): void => {
  say('\nratios')
  for (const [name, ratio] of Object.entries(ratios)) {
    say(`  ${name.padEnd(20)} ${ratio ?? 'not measured'}`)
  }
  say(`\nmemory, most in MB (limit ${memory.limitMb})${memory.isWithinLimit ? '' : ': EXCEEDED'}`)
  for (const [scenario, peaks] of Object.entries(memory.peaksMb)) printPeaks(scenario, peaks, say)
  if (Object.keys(memory.peersMb).length > 0) say('  plain programs on one hot float, to compare:')
  for (const [path, peaks] of Object.entries(memory.peersMb)) printPeaks(path, peaks, say)
  say('\nledgers')
  for (const [name, { isVerified, detail }] of Object.entries(verified)) {
    say(`  ${name.padEnd(18)} ${isVerified ? 'verified' : 'NOT VERIFIED'}: ${detail}`)
  }
}

const printPeaks = (name: string, peaks: Readonly<Record<string, number>>, say: Log): void => {
  const each = Object.entries(peaks).map(([service, peak]) => `${service} ${peak}`)
  say(`  ${name.padEnd(10)} ${each.join('   ')}`)
}

const printDisk = (disk: DiskPerSale, say: Log): void => {
  const { sales, bytesPerSale, collectionBytesPerSale, indexBytesPerSale, dataBytesPerSale } = disk
  say(
    `  storage of ${sales} sales, bytes a sale: ${bytesPerSale}, of which collections ${collectionBytesPerSale}, indexes ${indexBytesPerSale};` +
      ` documents before compression ${dataBytesPerSale}; ${rounded(disk.fixedShare * 100)} % before the first sale`,
  )
  const each = Object.entries(disk.bytesPerSaleOf)
    .toSorted(([, one], [, other]) => other - one)
    .filter(([, bytes]) => bytes >= 1)
  say(`    ${each.map(([name, bytes]) => `${name} ${bytes}`).join(', ')}`)
}

const printCells = (title: string, cells: readonly Cell[], say: Log): void => {
  say(`\n${title}: median (least to most)`)
  for (const cell of cells) {
    const sales = inRange(cell.salesPerSecond).padEnd(26)
    say(
      `  ${cell.path.padEnd(14)} ${column(cell.connections, 4)} connections  ${sales} sales/s` +
        `  p50 ${column(cell.p50Ms.median, 8)}  p99 ${column(cell.p99Ms.median, 8)} ms` +
        (cell.notSold === 0 ? '' : `  NOT SOLD ${cell.notSold}`),
    )
    printUsage(cell, say)
  }
}

const printUsage = (
  { cpuPercent }: { readonly cpuPercent: Readonly<Record<string, number>> },
  say: Log,
): void => {
  const each = Object.entries(cpuPercent).map(([name, percent]) => `${name} ${percent}`)
  say(`    CPU %: ${each.join(', ')}`)
}

const inRange = ({ median, min, max }: Spread): string => `${median} (${min} to ${max})`
const column = (value: number, width: number): string => String(value).padStart(width)
