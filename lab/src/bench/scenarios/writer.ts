import { MerchantId, partitionOf } from '@recargas/contracts'
import { dropDatabase } from '../measure/peer-path.ts'
import { runLedgerBench, runPeer } from '../measure/peer-process.ts'
import { batchSize, mediciClients } from '../measure/plan.ts'
import type { Bench, Outcome } from '../measure/scenario.ts'
import { hotMerchant } from '../measure/shops.ts'
import { median, rounded, spreadOf, type Spread } from '../measure/statistics.ts'

type WriterRun = {
  readonly salesPerSecond: number
  readonly entriesPerSecond: number
  readonly batchSizeMedian: number
  readonly cpuPercent: number
  readonly rssPeakMb: number
  readonly entries: number
  readonly isVerified: boolean
  /** Positions at which the groups of its projections ended. */
  readonly groups: readonly number[]
}
type RawRun = {
  readonly entriesPerSecond: number
  readonly cpuPercent: number
  readonly isVerified: boolean
}
type MediciRun = {
  readonly transfersPerSecond: number
  readonly errors: number
  readonly isVerified: boolean
}

export type WriterFigures = {
  readonly batchSize: number
  readonly writerEntriesPerSecond: Spread
  /** Two entries each: reserved, then committed. */
  readonly writerSalesPerSecond: Spread
  readonly rawEntriesPerSecond: Spread
  readonly mediciClients: number
  /** Throughput with one entry per transaction. */
  readonly mediciEntriesPerSecond: Spread
  /** Medians of the rounds' own ratios, entry for entry. */
  readonly writerVsRaw: number
  readonly writerVsMedici: number
  readonly rounds: readonly {
    readonly writer: WriterRun
    readonly raw: RawRun
    readonly medici: MediciRun
  }[]
}

/** (d) our writer and its projections, fed from memory, (f) its appends and projections by the bare driver, (e) the double-entry library. */
export const compareWriters = async ({
  servers,
  plan,
  log,
}: Bench): Promise<Outcome<WriterFigures>> => {
  const rounds: WriterFigures['rounds'][number][] = []
  for (let round = 1; round <= plan.rounds; round += 1) {
    const writer = await runLedgerBench<WriterRun>([
      'writer',
      '--uri',
      servers.databaseUri('bench_writer'),
      '--sales',
      String(plan.writerSales),
      '--batch',
      String(batchSize),
    ])
    const raw = await runPeer<RawRun>('raw-commit', {
      MONGODB_URI: servers.mongodbUri,
      FROM: 'bench_writer',
      TO: 'bench_raw',
      PARTITION: String(partitionOf(MerchantId.parse(hotMerchant))),
      GROUP_ENDS: writer.groups.join(','),
    })
    const medici = await runPeer<MediciRun>('medici', {
      MONGODB_URI: servers.databaseUri('bench_medici'),
      CLIENTS: String(mediciClients),
      SECONDS: String(plan.mediciSeconds),
    })
    for (const name of ['bench_writer', 'bench_raw', 'bench_medici']) {
      await dropDatabase(servers, name)
    }
    rounds.push({ writer, raw, medici })
    log(
      `  round ${round}/${plan.rounds}  writer ${writer.entriesPerSecond} entries/s  ` +
        `raw limit ${raw.entriesPerSecond}  medici ${medici.transfersPerSecond}`,
    )
  }
  return { figures: figuresOf(rounds), verified: verifiedOf(rounds) }
}

const figuresOf = (rounds: WriterFigures['rounds']): WriterFigures => ({
  batchSize,
  writerEntriesPerSecond: spreadOf(rounds.map(({ writer }) => writer.entriesPerSecond)),
  writerSalesPerSecond: spreadOf(rounds.map(({ writer }) => writer.salesPerSecond)),
  rawEntriesPerSecond: spreadOf(rounds.map(({ raw }) => raw.entriesPerSecond)),
  mediciClients,
  mediciEntriesPerSecond: spreadOf(rounds.map(({ medici }) => medici.transfersPerSecond)),
  writerVsRaw: rounded(
    median(rounds.map(({ writer, raw }) => writer.entriesPerSecond / raw.entriesPerSecond)),
  ),
  writerVsMedici: rounded(
    median(rounds.map(({ writer, medici }) => writer.entriesPerSecond / medici.transfersPerSecond)),
  ),
  rounds,
})

const verifiedOf = (rounds: WriterFigures['rounds']) => {
  const every = (name: 'writer' | 'raw' | 'medici') => ({
    isVerified: rounds.every((round) => round[name].isVerified),
    detail: `${rounds.length} runs`,
  })
  return { writer: every('writer'), raw: every('raw'), medici: every('medici') }
}
