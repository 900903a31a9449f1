import { say } from '../runner/report.ts'
import { rounded, type Spread } from '../runner/statistics.ts'
import type { DiskPerSale } from './disk.ts'
import type { Cell } from './rounds.ts'

export const printSpread = (name: string, spread: Spread): void =>
  say(`  ${name.padEnd(36)} ${inRange(spread)}`)

export const printCells = (title: string, cells: readonly Cell[]): void => {
  say(`\n${title}: median (least to most)`)
  for (const cell of cells) {
    const sales = inRange(cell.salesPerSecond).padEnd(26)
    say(
      `  ${cell.path.padEnd(14)} ${column(cell.connections, 4)} connections  ${sales} sales/s` +
        `  p50 ${column(cell.p50Ms.median, 8)}  p99 ${column(cell.p99Ms.median, 8)} ms` +
        (cell.notSold === 0 ? '' : `  NOT SOLD ${cell.notSold}`),
    )
    printUsage(cell)
  }
}

export const printUsage = ({ cpuPercent }: Pick<Cell, 'cpuPercent'>): void =>
  say(`    CPU %: ${named(cpuPercent)}`)

export const printDisk = (disk: DiskPerSale): void => {
  const { sales, bytesPerSale, collectionBytesPerSale, indexBytesPerSale, dataBytesPerSale } = disk
  say(
    `  storage of ${sales} sales, bytes a sale: ${bytesPerSale}, of which collections ${collectionBytesPerSale}, indexes ${indexBytesPerSale};` +
      ` documents before compression ${dataBytesPerSale}; ${rounded(disk.fixedShare * 100)} % before the first sale`,
  )
  const most = Object.entries(disk.bytesPerSaleOf)
    .toSorted(([, one], [, other]) => other - one)
    .filter(([, bytes]) => bytes >= 1)
  say(`    ${named(Object.fromEntries(most))}`)
}

export const named = (values: Readonly<Record<string, number>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')

const inRange = ({ median, min, max }: Spread): string => `${median} (${min} to ${max})`
const column = (value: number, width: number): string => String(value).padStart(width)
