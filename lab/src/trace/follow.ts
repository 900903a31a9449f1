import { setTimeout as pause } from 'node:timers/promises'
import { readLogLines, type LogLine } from '@recargas/stack/logs/lines'
import { withDatabase } from '../runner/ledger-database.ts'
import type { Captured } from './capture.ts'
import type { TracedSale } from './sales.ts'

export type Traces = {
  readonly ledgerUri: string
  readonly adapterUri: string
  readonly logFolder: string
}

/** The number of sales found at each place under the one id of their answer. */
export type Followed = Awaited<ReturnType<typeof lookOnce>>

const messageTypes = ['RequestTopup.v1', 'FundsReserved.v1', 'CarrierVerdict.v1', 'TopupSettled.v1']
const entryKinds = ['reserve', 'commit']
/** Lines of a log and copies of events come a moment after the answer. */
const usualPatienceMs = 15_000
const lookAgainMs = 500
const linesMax = 1_000_000

/** Searches every place of traces for sales that were each authorized at the first attempt. */
export const followSales = async (
  sales: readonly TracedSale[],
  messages: () => readonly Captured[],
  traces: Traces,
  patienceMs = usualPatienceMs,
): Promise<Followed> => {
  const givenUpAt = performance.now() + patienceMs
  for (;;) {
    const followed = await lookOnce(sales, messages(), traces)
    if (followed.linked === sales.length || performance.now() > givenUpAt) return followed
    await pause(lookAgainMs)
  }
}

const lookOnce = async (
  sales: readonly TracedSale[],
  messages: readonly Captured[],
  traces: Traces,
) => {
  const ids = sales.map(({ topupId }) => topupId)
  const sent = grouped(messages, ({ subject }) => subject)
  const lines = grouped(await readLogLines(traces.logFolder, {}, linesMax), saleOfLine)
  const attempts = await attemptsOf(traces.adapterUri, ids)
  const entries = grouped(await entriesOf(traces.ledgerUri, ids), ({ topupId }) => topupId)
  const found = sales.map(({ topupId, sent: given, answered }) => {
    const isOfAnswer = (id: string) => id === answered
    return {
      answer: answered !== '' && (given ?? answered) === answered,
      logs: linesOf(lines.get(topupId) ?? []).every(isOfAnswer),
      messages:
        hasAll(messageTypes, sent.get(topupId) ?? [], ({ type }) => type) &&
        (sent.get(topupId) ?? []).every(({ correlationid }) => isOfAnswer(correlationid)),
      attempt: isOfAnswer(attempts.get(topupId) ?? ''),
      journal:
        hasAll(entryKinds, entries.get(topupId) ?? [], ({ kind }) => kind) &&
        (entries.get(topupId) ?? []).every(({ correlationId }) => isOfAnswer(correlationId)),
    }
  })
  const count = (place: keyof (typeof found)[number]) => found.filter((each) => each[place]).length
  return {
    sales: sales.length,
    answer: count('answer'),
    logs: count('logs'),
    messages: count('messages'),
    attempt: count('attempt'),
    journal: count('journal'),
    /** At all of these places. */
    linked: found.filter((each) => Object.values(each).every((isThere) => isThere)).length,
  }
}

const saleOfLine = ({ fields }: LogLine): string => {
  const id = fields['operationId'] ?? fields['topupId']
  return typeof id === 'string' ? id : ''
}

/** The ids in the lines of each service; a line without the sale's ids counts as one without an id. */
const linesOf = (lines: readonly LogLine[]): readonly string[] =>
  ['api-gateway', 'ledger', 'carrier-adapter'].flatMap((service) => {
    const own = lines.filter((line) => line.service === service)
    return own.length === 0 ? [''] : own.map((line) => line.correlationId ?? '')
  })

const hasAll = <Item>(
  wanted: readonly string[],
  items: readonly Item[],
  nameOf: (item: Item) => string,
): boolean => wanted.every((name) => items.some((item) => nameOf(item) === name))

const grouped = <Item>(items: readonly Item[], keyOf: (item: Item) => string) => {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return groups
}

type Attempted = { _id: string; correlationId: string; attempts: readonly unknown[] }
/** An entry of the log, as a block holds it: JSON. */
type Entry = {
  readonly saleId: string | null
  readonly kind: string
  readonly operation: { readonly correlationId?: string }
}
type Place = { readonly p: number; readonly n: number }

/** By top-up, the id stored with its attempts; only for those with an attempt. */
const attemptsOf = async (uri: string, ids: readonly string[]) => {
  const filter = { _id: { $in: [...ids] }, 'attempts.0': { $exists: true } }
  const topups = await withDatabase(uri, (database) =>
    database.collection<Attempted>('carrier_topups').find(filter).toArray(),
  )
  return new Map(topups.map(({ _id, correlationId }) => [_id, correlationId]))
}

/** Finds the positions of the sales' entries in a projection and reads the entries from the blocks. */
const entriesOf = (uri: string, ids: readonly string[]) =>
  withDatabase(uri, async (ledger, blocks) => {
    const shown = await ledger
      .collection<{ readonly _id: Place }>('operations')
      .find({ saleId: { $in: [...ids] } } as never)
      .toArray()
    const places = new Map(shown.map(({ _id: { p, n } }) => [`${p}/${n}`, { p, n }]))
    const found = await blocks
      .collection<{ readonly _id: Place; readonly entries: readonly string[] }>('blocks')
      .find({ _id: { $in: [...places.values()] } })
      .toArray()
    return found
      .flatMap(({ entries }) => entries.map((text) => JSON.parse(text) as Entry))
      .map(({ saleId, kind, operation: { correlationId = '' } }) => ({
        topupId: saleId ?? '',
        kind,
        correlationId,
      }))
  })
