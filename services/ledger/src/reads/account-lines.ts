import { blockEntriesMax } from '../log/block.ts'
import type { OperationId, OperatorName } from '@recargas/contracts'
import type { Line } from '../accounting/journal.ts'
import { keyRange } from '../mongo/stored-values.ts'
import type { Projected } from '../projections/open-projections.ts'
import { statementKey, type StatementLinesDocument } from '../projections/statement-lines.ts'
import type { Reading } from './read-shown.ts'

/** One line of an account, with the balances after it. */
export type AccountLine = Pick<Line, 'posted' | 'reserved' | 'incoming' | 'after' | 'session'> & {
  /** The entry's place in its partition: one number that rises with the blocks. */
  readonly seq: number
  readonly at: Date
  readonly entry: string
  readonly kind: StatementLinesDocument['lines'][number]['kind']
  /** The earlier session, for cash that moved between two sessions of a caja. */
  readonly sessionBefore: number | null
  /** The operator whose float the entry touches, on a drawer's line. */
  readonly operator: OperatorName | null
}

/** Lines of one account; both times are within it. */
export type Stretch = {
  readonly account: string
  readonly from: number
  readonly to: number
  /** No line of a later block. */
  readonly upTo: number
  /** Only lines after this one. */
  readonly after: { readonly at: number; readonly seq: number } | null
}

type LineReads = Pick<Projected, 'statementLines'>
type LineReading = Pick<Reading, 'partition' | 'options'>

/** The last instant a date can hold. */
export const latest = 8_640_000_000_000_000
const blocksPerBatch = 100

/** The lines of a stretch, oldest first: one scan of the keys, as far as the caller takes them. */
export async function* linesOf(
  { statementLines }: LineReads,
  { partition, options }: LineReading,
  { account, from, to, upTo, after }: Stretch,
): AsyncGenerator<AccountLine> {
  const first =
    after !== null && after.at >= from
      ? { at: after.at, position: Math.floor(after.seq / blockEntriesMax) }
      : { at: from, position: 0 }
  const blocks = statementLines.find(
    {
      _id: keyRange({
        $gte: statementKey(partition, account, first.at, first.position),
        $lte: statementKey(partition, account, to, upTo),
      }),
    },
    { ...options, sort: { _id: 1 }, batchSize: blocksPerBatch },
  )
  for await (const block of blocks) {
    if (block._id.n > upTo) return
    for (const line of linesIn(block)) if (after === null || line.seq > after.seq) yield line
  }
}

/** The last line at or before an instant, of no later block: the first key of a scan backwards. */
export const lastLineOf = async (
  { statementLines }: LineReads,
  { partition, options }: LineReading,
  { account, at, upTo }: { readonly account: string; readonly at: number; readonly upTo: number },
): Promise<AccountLine | null> => {
  const block = await statementLines.findOne(
    {
      _id: keyRange({
        $gte: statementKey(partition, account, 0, 0),
        $lte: statementKey(partition, account, at, upTo),
      }),
      // Only the few blocks appended since the request began.
      '_id.n': { $lte: upTo },
    },
    { ...options, sort: { _id: -1 } },
  )
  return block === null ? null : (linesIn(block).at(-1) ?? null)
}

const linesIn = ({ _id, lines }: StatementLinesDocument): readonly AccountLine[] =>
  lines.map(({ i, entry, kind, after, ...line }) => ({
    seq: _id.n * blockEntriesMax + i,
    at: _id.at,
    entry,
    kind,
    ...amountsOf(line),
    after: amountsOf(after),
    session: line.session ?? null,
    sessionBefore: line.sessionBefore ?? null,
    operator: (line.operator ?? null) as OperatorName | null,
  }))

const amountsOf = ({
  posted = 0,
  reserved = 0,
  incoming = 0,
}: StatementLinesDocument['lines'][number]['after']): Line['after'] => ({
  posted,
  reserved,
  incoming,
})

/** Entries about a sale that move balances; their ids are the sale's with a suffix. */
const saleKinds: ReadonlySet<AccountLine['kind']> = new Set([
  'reserve',
  'commit',
  'release',
  'correct',
])

/** The sale that a line is about; null for any other operation. */
export const saleOf = ({ kind, entry }: Pick<AccountLine, 'kind' | 'entry'>): OperationId | null =>
  saleKinds.has(kind) ? (entry.split(':', 1)[0] as OperationId) : null
