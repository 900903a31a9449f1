import { dropDatabase } from '../runner/ledger-database.ts'
import { say } from '../runner/report.ts'
import { runScenario } from '../runner/scenario.ts'
import { hotPartition } from '../runner/shops.ts'
import { median, rounded, spreadOf } from '../runner/statistics.ts'
import type { MediciRun } from './peers/medici.ts'
import type { RawRun } from './peers/raw-commit.ts'
import { runLedgerBench, runPeer } from './peer-process.ts'
import { batchSize, mediciClients } from './plan.ts'
import { printSpread } from './print-results.ts'
import { noSystem, type Bench } from './scenario.ts'

type WriterRun = {
  readonly salesPerSecond: number
  readonly entriesPerSecond: number
  readonly isVerified: boolean
  /** Positions at which the groups of its projections ended. */
  readonly groups: readonly number[]
}
type Round = { readonly writer: WriterRun; readonly raw: RawRun; readonly medici: MediciRun }

const databases = { writer: 'bench_writer', raw: 'bench_raw', medici: 'bench_medici' }

/** (d) our writer and its projections, fed from memory, (f) its appends and projections by the bare driver, (e) the double-entry library. */
export const compareWriters = (bench: Bench) =>
  runScenario({
    stack: noSystem,
    load: async () => {
      const rounds: Round[] = []
      for (let round = 1; round <= bench.plan.rounds; round += 1) {
        const found = await runRound(bench)
        rounds.push(found)
        say(
          `  round ${round}/${bench.plan.rounds}  writer ${found.writer.entriesPerSecond} entries/s  ` +
            `raw limit ${found.raw.entriesPerSecond}  medici ${found.medici.transfersPerSecond}`,
        )
      }
      return rounds
    },
    judge: (rounds) => ({
      figures: figuresOf(rounds),
      ledgers: {
        writer: everyRound(rounds, 'writer'),
        raw: everyRound(rounds, 'raw'),
        medici: everyRound(rounds, 'medici'),
      },
    }),
    report: (figures) => {
      say(`  entries/s, batches of ${batchSize}, projections included`)
      printSpread('our writer, fed from memory', figures.writerEntriesPerSecond)
      printSpread('its appends and projections, bare', figures.rawEntriesPerSecond)
      printSpread(`medici, guarded, ${mediciClients} clients`, figures.mediciEntriesPerSecond)
    },
  })

const runRound = async ({ servers, plan }: Bench): Promise<Round> => {
  const writer = await runLedgerBench<WriterRun>('writer', {
    uri: servers.databaseUri(databases.writer),
    sales: plan.writerSales,
    batch: batchSize,
  })
  const raw = await runPeer<RawRun>('raw-commit', {
    MONGODB_URI: servers.mongodbUri,
    FROM: databases.writer,
    TO: databases.raw,
    PARTITION: String(hotPartition),
    GROUP_ENDS: writer.groups.join(','),
  })
  const medici = await runPeer<MediciRun>('medici', {
    MONGODB_URI: servers.databaseUri(databases.medici),
    CLIENTS: String(mediciClients),
    SECONDS: String(plan.mediciSeconds),
  })
  for (const name of Object.values(databases)) await dropDatabase(servers.databaseUri(name))
  return { writer, raw, medici }
}

const figuresOf = (rounds: readonly Round[]) => {
  const entries = ({ writer }: Round) => writer.entriesPerSecond
  const spread = (of: (round: Round) => number) => spreadOf(rounds.map(of))
  const ratio = (of: (round: Round) => number) => rounded(median(rounds.map(of)))
  return {
    batchSize,
    writerEntriesPerSecond: spread(entries),
    /** Two entries each: reserved, then committed. */
    writerSalesPerSecond: spread(({ writer }) => writer.salesPerSecond),
    rawEntriesPerSecond: spread(({ raw }) => raw.entriesPerSecond),
    mediciClients,
    /** Throughput with one entry per transaction. */
    mediciEntriesPerSecond: spread(({ medici }) => medici.transfersPerSecond),
    /** Medians of the rounds' own ratios, entry for entry. */
    writerVsRaw: ratio((round) => entries(round) / round.raw.entriesPerSecond),
    writerVsMedici: ratio((round) => entries(round) / round.medici.transfersPerSecond),
    rounds,
  }
}

const everyRound = (rounds: readonly Round[], name: keyof Round) => ({
  isVerified: rounds.every((round) => round[name].isVerified),
  detail: `${rounds.length} runs`,
})
