import {
  HistoryQuery,
  OperatorName,
  pageSizeMax,
  type InjectionPage,
  type MerchantId,
  type SessionView,
  type ShopSettings,
  type TopupPage,
} from '@recargas/contracts'
import { z } from 'zod'
import { settingsOf, type Shop, type Shops } from '../catalogue/catalogue.ts'
import { injectionRow, InjectionRowAnswer } from '../float/injection-body.ts'
import type { Contract } from '../api/contract.ts'
import { nextPageLink, wholeParameter } from '../api/page.ts'
import { parseQuery } from '../api/parse.ts'
import { dayField, periodFields, periodOf } from '../api/period.ts'
import { everyRole, type Reply, type Route } from '../api/route.ts'
import { stateOfWord } from '../api/words.ts'
import { csvFile, wantsCsv } from '../statements/csv-file.ts'
import { saleColumns, saleCsvRow } from './sales-csv.ts'
import { TopupRowAnswer } from './sale-replies.ts'
import { topupRow } from './sale-body.ts'

/** Throw when the ledger cannot be asked. */
export type HistoryReads = {
  readonly topups: (merchant: MerchantId, query: HistoryQuery) => Promise<TopupPage>
  readonly injections: (merchant: MerchantId, query: HistoryQuery) => Promise<InjectionPage>
}

export type HistoryDeps = { readonly reads: HistoryReads; readonly shops: Shops }

const filters = {
  limit: wholeParameter(pageSizeMax).optional(),
  cursor: wholeParameter().optional(),
  fecha: dayField,
  ...periodFields,
  operadora: OperatorName.optional(),
  id_caja_sesion: wholeParameter().optional(),
}
const InjectionFilters = z.strictObject(filters)
const TopupFilters = z.strictObject({
  ...filters,
  numero: z
    .string()
    .regex(/^\+?[0-9](?:[ -]?[0-9]){0,19}$/, 'debe ser un número de teléfono')
    .meta({ description: 'the number topped up, whole; written as for a sale' })
    .optional(),
  estado: z
    .string()
    .refine(
      (word) => stateOfWord.has(word),
      `debe ser una de estas opciones: ${[...stateOfWord.keys()].join(', ')}`,
    )
    .meta({ enum: [...stateOfWord.keys()] })
    .optional(),
})

const historyContract = (
  summary: string,
  time: string,
  query: z.ZodObject,
  row: z.ZodType,
): Contract => ({
  summary,
  description: `${time} \`fecha\`, \`desde\` and \`hasta\` filter by it; their days are the shop's own.`,
  query,
  replies: [
    { status: 200, says: 'a page', body: z.array(row), headers: ['Link', 'X-Total-Count'] },
  ],
  problems: ['LEDGER_UNAVAILABLE'],
})

const salesOnly = historyContract(
  'Sales, newest first',
  '`fecha_hora` is the time of the request. With `Accept: text/csv` all sales of the filters as CSV, else a page as JSON.',
  TopupFilters,
  TopupRowAnswer,
)
const salesContract: Contract = {
  ...salesOnly,
  replies: [
    ...salesOnly.replies,
    { status: 200, says: 'all sales', type: 'text/csv', body: z.string() },
  ],
}

/** Both histories: bare arrays, newest first, bounded; the next page is named in the Link header. */
export const historyRoutes = ({ reads, shops }: HistoryDeps): readonly Route[] => [
  {
    method: 'get',
    path: '/recargas/historial/clientes',
    roles: everyRole,
    contract: salesContract,
    answer: async ({ principal: { merchant }, query, header }) => {
      const filters = parseQuery(TopupFilters, query)
      const settings = settingsOf(shops, merchant)
      const shop = shops.find(merchant)
      const asked = { ...historyQuery(filters, settings), ...phoneNumberOf(filters, shop) }
      if (wantsCsv(header('accept'))) return historyCsv(reads, merchant, asked, settings)
      const page = await reads.topups(merchant, asked)
      const sessions = byId(page.sessions)
      const rows = page.items.map((topup) => topupRow(topup, sessions.get(topup.sessionId)))
      return pageReply('/recargas/historial/clientes', query, page, rows)
    },
  },
  {
    method: 'get',
    path: '/recargas/historial/inyecciones',
    roles: everyRole,
    contract: historyContract(
      'Injections, newest first',
      '`fecha_hora` is the time of the entry.',
      InjectionFilters,
      InjectionRowAnswer,
    ),
    answer: async ({ principal, query }) => {
      const asked = parseQuery(InjectionFilters, query)
      const page = await reads.injections(
        principal.merchant,
        historyQuery(asked, settingsOf(shops, principal.merchant)),
      )
      const sessions = byId(page.sessions)
      const rows = page.items.map((item) => injectionRow(item, sessions.get(item.sessionId)))
      return pageReply('/recargas/historial/inyecciones', query, page, rows)
    },
  },
]

const historyQuery = (
  asked: z.infer<typeof InjectionFilters> & { readonly estado?: string | undefined },
  { timeZone }: ShopSettings,
): HistoryQuery =>
  HistoryQuery.parse({
    limit: asked.limit ?? pageSizeMax,
    cursor: asked.cursor,
    ...periodOf(asked, timeZone),
    operator: asked.operadora,
    state: asked.estado === undefined ? undefined : stateOfWord.get(asked.estado),
    sessionId: asked.id_caja_sesion,
  })

/** A shop that left the catalogue has no country code to strip any more. */
const phoneNumberOf = (
  { numero }: z.infer<typeof TopupFilters>,
  shop: Pick<Shop, 'dialled'> | null,
): Pick<HistoryQuery, 'phoneNumber'> =>
  numero === undefined
    ? {}
    : { phoneNumber: (shop?.dialled(numero) ?? numero).replaceAll(/\D/g, '') }

const byId = (sessions: readonly SessionView[]) =>
  new Map(sessions.map((session) => [session.id, session]))

/** All sales of the period, newest first; a page is read when the client has taken the one before. */
const historyCsv = async (
  reads: HistoryReads,
  merchant: MerchantId,
  asked: HistoryQuery,
  { timeZone }: ShopSettings,
): Promise<Reply> => {
  const page = async (cursor: number | undefined) => {
    const { items, next } = await reads.topups(merchant, { ...asked, limit: pageSizeMax, cursor })
    return { items, next: next === null ? null : String(next) }
  }
  return csvFile({
    name: 'ventas',
    columns: saleColumns,
    rowsOf: ({ items }) => items.map(saleCsvRow),
    timeZone,
    first: await page(asked.cursor),
    pageAfter: (cursor) => page(Number(cursor)),
  })
}

const pageReply = (
  path: string,
  query: unknown,
  { next, total }: { readonly next: number | null; readonly total: number },
  body: readonly unknown[],
): Reply => ({
  status: 200,
  body,
  headers: {
    vary: 'Accept',
    'x-total-count': String(total),
    ...nextPageLink(path, query, next),
  },
})
