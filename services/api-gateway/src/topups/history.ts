import {
  HistoryQuery,
  OperatorName,
  pageSizeMax,
  type InjectionPage,
  type MerchantId,
  type SessionView,
  type TopupPage,
} from '@recargas/contracts'
import { z } from 'zod'
import { InjectionRowAnswer } from '../float/float-answers.ts'
import { injectionRow } from '../float/injection-body.ts'
import type { Contract } from '../edge/contract.ts'
import { nextPageLink, wholeParameter } from '../edge/page.ts'
import { parseQuery } from '../edge/parse.ts'
import { everyRole, type Reply, type Route } from '../edge/route.ts'
import { stateOfWord } from '../edge/words.ts'
import { TopupRowAnswer } from './topup-answers.ts'
import { topupRow } from './topup-body.ts'

/** Throw when the ledger cannot be asked. */
export type HistoryReads = {
  readonly topups: (merchant: MerchantId, query: HistoryQuery) => Promise<TopupPage>
  readonly injections: (merchant: MerchantId, query: HistoryQuery) => Promise<InjectionPage>
}

const dayMs = 86_400_000
const Instant = z.union([z.iso.date(), z.iso.datetime({ offset: true })]).transform(toIso)

const filters = {
  limit: wholeParameter(pageSizeMax).optional(),
  cursor: wholeParameter().optional(),
  fecha: z.iso
    .date()
    .optional()
    .meta({ description: 'one day, UTC; instead of `desde` and `hasta`' }),
  desde: Instant.optional(),
  hasta: Instant.optional(),
  operadora: OperatorName.optional(),
  id_caja_sesion: wholeParameter().optional(),
}
const InjectionFilters = z.strictObject(filters)
const TopupFilters = z.strictObject({
  ...filters,
  estado: z
    .string()
    .refine((word) => stateOfWord.has(word), 'estado desconocido')
    .meta({ enum: [...stateOfWord.keys()] })
    .optional(),
})

function toIso(text: string): string {
  return new Date(text).toISOString()
}

const historyContract = (summary: string, query: z.ZodObject, row: z.ZodType): Contract => ({
  summary,
  query,
  replies: [
    { status: 200, says: 'a page', body: z.array(row), headers: ['Link', 'X-Total-Count'] },
  ],
  problems: ['LEDGER_UNAVAILABLE'],
})

/** Both histories: bare arrays, newest first, bounded; the next page is named in the Link header. */
export const historyRoutes = (reads: HistoryReads): readonly Route[] => [
  {
    method: 'get',
    path: '/recargas/historial/clientes',
    roles: everyRole,
    contract: historyContract('Sales, newest first', TopupFilters, TopupRowAnswer),
    answer: async ({ principal, query }) => {
      const asked = parseQuery(TopupFilters, query)
      const page = await reads.topups(principal.merchant, historyQuery(asked))
      const sessions = byId(page.sessions)
      const rows = page.items.map((topup) => topupRow(topup, sessions.get(topup.sessionId)))
      return pageReply('/recargas/historial/clientes', query, page, rows)
    },
  },
  {
    method: 'get',
    path: '/recargas/historial/inyecciones',
    roles: everyRole,
    contract: historyContract('Injections, newest first', InjectionFilters, InjectionRowAnswer),
    answer: async ({ principal, query }) => {
      const asked = parseQuery(InjectionFilters, query)
      const page = await reads.injections(principal.merchant, historyQuery(asked))
      const sessions = byId(page.sessions)
      const rows = page.items.map((item) => injectionRow(item, sessions.get(item.sessionId)))
      return pageReply('/recargas/historial/inyecciones', query, page, rows)
    },
  },
]

const historyQuery = (
  asked: z.infer<typeof InjectionFilters> & { readonly estado?: string | undefined },
): HistoryQuery => {
  const day = asked.fecha === undefined ? null : Date.parse(asked.fecha)
  const from = day === null ? asked.desde : new Date(day).toISOString()
  const to = day === null ? asked.hasta : new Date(day + dayMs).toISOString()
  return HistoryQuery.parse({
    limit: asked.limit ?? pageSizeMax,
    cursor: asked.cursor,
    from,
    to,
    operator: asked.operadora,
    state: asked.estado === undefined ? undefined : stateOfWord.get(asked.estado),
    sessionId: asked.id_caja_sesion,
  })
}

const byId = (sessions: readonly SessionView[]) =>
  new Map(sessions.map((session) => [session.id, session]))

const pageReply = (
  path: string,
  query: unknown,
  { next, total }: { readonly next: number | null; readonly total: number },
  body: readonly unknown[],
): Reply => ({
  status: 200,
  body,
  headers: {
    'x-total-count': String(total),
    ...nextPageLink(path, query, next),
  },
})
