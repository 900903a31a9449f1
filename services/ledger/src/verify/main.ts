import { parseArgs } from 'node:util'
import { openLedgerDatabase } from '../mongo/collections.ts'
import { readRecords } from '../mongo/ledger-records.ts'
import { verifyLedger, type LedgerProof } from './verify-ledger.ts'

const usage = `Proves the ledger: adds the journal up from its first entry and compares every balance, hold and hash.
Sell nothing meanwhile: what is written between two reads would look like a difference.

  npm run verify -- [--json] [--uri mongodb://…/recargas_ledger]

The database is MONGODB_URI where --uri is not given. Exit code: 0 clean, 1 findings, 2 could not run.`

const print = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

const report = (proof: LedgerProof, asJson: boolean): void => {
  if (asJson) {
    print(JSON.stringify(proof))
    return
  }
  for (const { code, partition, entry, detail } of proof.findings) {
    print(`${code.padEnd(16)} partition ${partition}  ${entry ?? '-'}  ${detail}`)
  }
  print(
    `${proof.entries} entries, ${proof.lines} lines, ${proof.commits} sales committed: ` +
      `${proof.findings.length} findings`,
  )
}

const run = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      uri: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    print(usage)
    return 0
  }
  // eslint-disable-next-line n/no-process-env -- a tool of its own, not the service
  const uri = values.uri ?? process.env['MONGODB_URI']
  if (uri === undefined) throw new Error('which database? Give --uri or MONGODB_URI')
  const database = await openLedgerDatabase(uri, { connectTimeoutMs: 5_000, poolSize: 4 })
  try {
    const proof = await verifyLedger(readRecords(database.collections))
    report(proof, values.json)
    return proof.findings.length === 0 ? 0 : 1
  } finally {
    await database.close()
  }
}

process.exitCode = await run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  return 2
})
