import type { Topup } from '../accounting/entities.ts'
import { noChanges, type Changes, type LedgerState } from '../accounting/ledger-view.ts'
import type { LogEntry } from '../accounting/entry.ts'
import { balances } from '../projections/balances.ts'
import { cases } from '../projections/cases.ts'
import { cash } from '../projections/cash.ts'
import { injections } from '../projections/injections.ts'
import { operations } from '../projections/operations.ts'
import type {
  PositionedDocument,
  Projection,
  ProjectedDocument,
} from '../projections/projection.ts'
import { sales } from '../projections/sales.ts'
import { statementLines } from '../projections/statement-lines.ts'
import type { FindingCode } from './findings.ts'
import type { Replay } from './replay.ts'

/** Projections whose documents never change once they are written. */
export const insertedProjections = [operations, statementLines, injections, cases] as const
/** Projections whose documents show the latest state of an entity. */
export const replacedProjections = [balances, cash, sales] as const

const codes: Readonly<Record<string, FindingCode>> = {
  account: 'ACCOUNT',
  merchant: 'MERCHANT',
  caja: 'CAJA',
  session: 'SESSION',
  [sales.name]: 'SALE',
  [operations.name]: 'OPERATION',
  [statementLines.name]: 'STATEMENT',
  [injections.name]: 'INJECTION',
  [cases.name]: 'CASE',
}

/** A document's id as text. */
export const idOf = ({ id }: Pick<ProjectedDocument, 'id'>): string =>
  typeof id === 'string' ? id : JSON.stringify(id)

/** The code of a finding about a document. */
export const codeOf = (projection: string, { fields }: ProjectedDocument): FindingCode => {
  const { is } = fields
  return (typeof is === 'string' ? codes[is] : undefined) ?? codes[projection] ?? 'PROJECTION'
}

/** The documents that a projection makes of these values, as if one entry had changed them all. */
const documentsOf = (
  { documentsOf: make }: Projection,
  partition: number,
  changes: Partial<Changes>,
): readonly ProjectedDocument[] => {
  const entry = { kind: 'progress', lines: [], changes: { ...noChanges, ...changes } }
  return make({
    partition,
    position: 0,
    at: 0,
    entries: [entry as unknown as LogEntry],
    bytes: 0,
  })
}

const positioned = (
  { changedAt }: Replay,
  documents: readonly ProjectedDocument[],
): readonly PositionedDocument[] =>
  documents.flatMap((document) => {
    const position = changedAt.get(idOf(document))
    return position === undefined ? [] : [{ ...document, position }]
  })

/** Every document of a projection that shows an entity of the state. */
export const documentsOfState = (
  projection: Projection,
  replay: Replay,
): readonly PositionedDocument[] => {
  const { accounts, merchants, cajas, sessions, topups } = replay.state
  const changes = {
    accounts: [...accounts.values()],
    merchants: [...merchants.values()],
    cajas: [...cajas.values()],
    sessions: [...sessions.values()],
    topups: [...topups.values()],
  }
  return positioned(replay, documentsOf(projection, replay.partition, changes))
}

/** The document of one entity of the state, by its id; undefined where the state has none. */
export const documentOfState = (
  projection: Projection,
  replay: Replay,
  id: string,
): PositionedDocument | undefined => {
  const { partition, state } = replay
  const changes = entityOf(projection, state, id)
  const [document] = positioned(replay, documentsOf(projection, partition, changes))
  return document
}

const entityOf = (projection: Projection, state: LedgerState, id: string): Partial<Changes> => {
  const one = <Value>(value: Value | undefined): readonly Value[] =>
    value === undefined ? [] : [value]
  if (projection.name === sales.name) return { topups: one(state.topups.get(id)) }
  const [kind = ''] = id.split('/', 1)
  const key = id.slice(kind.length + 1)
  switch (kind) {
    case 'account':
      return { accounts: one(state.accounts.get(key)) }
    case 'merchant':
      return { merchants: one(state.merchants.get(key)) }
    case 'caja':
      return { cajas: one(state.cajas.get(key)) }
    case 'session':
      return { sessions: one(state.sessions.get(key)) }
    default:
      return {}
  }
}

/** The documents of some sales as they are in the state. */
export const documentsOfSales = (
  replay: Replay,
  some: readonly Topup[],
): readonly PositionedDocument[] =>
  positioned(replay, documentsOf(sales, replay.partition, { topups: some }))
