import type { components } from '@recargas/client'
import { signal } from '@preact/signals'
import { asFailure, jsonOf, valueOf, type Failure } from '../api/answer.ts'
import { client } from '../api/client.ts'
import { createResource } from '../api/resource.ts'
import { asSheet } from '../api/sheets.ts'
import type { Filters } from './filters.ts'
import { nextCursor, pageSize, type Page } from './listing.ts'

export type AuditedSale = components['schemas']['RecargaClienteAuditada']
export type Sale = components['schemas']['RecargaCliente'] | AuditedSale

/** The filters that the list shows. */
export const filters = signal<Filters>({})

const path = '/recargas/historial/clientes'

/** A page of the filters' sales, newest first. @throws a failure of the API */
export const readPage = async (asked: Filters, cursor: number | null): Promise<Page> => {
  const query = { ...asked, limit: pageSize, ...(cursor === null ? {} : { cursor }) }
  const answer = await client.api.GET(path, { params: { query } })
  const rows = await jsonOf(Promise.resolve(answer))
  const { headers } = answer.response
  return {
    rows,
    next: nextCursor(headers.get('link')),
    total: Number(headers.get('x-total-count') ?? rows.length),
  }
}

/** The first page, and the filters that it was read with. */
export const firstPage = createResource({
  name: 'sales',
  everyMs: 10_000,
  isKept: false,
  ask: async (): Promise<{ readonly asked: Filters; readonly page: Page }> => {
    const asked = filters.value
    return { asked, page: await readPage(asked, null) }
  },
})

/** All sales of the filters as a sheet. */
export const readSheet = (asked: Filters): Promise<Blob> =>
  valueOf(client.api.GET(path, { params: { query: asked }, ...asSheet }))

/** The sale whose details are shown; null while the list is. */
export const openedId = signal<string | null>(null)

type Opened = { readonly id: string; readonly sale: Sale } | { readonly failure: Failure }

export const openedSale = createResource({
  name: 'opened-sale',
  everyMs: 10_000,
  isKept: false,
  ask: async (): Promise<Opened | null> => {
    const id = openedId.value
    if (id === null) return null
    try {
      const asked = client.api.GET('/recargas/cliente/{id}', { params: { path: { id } } })
      return { id, sale: await valueOf(asked) }
    } catch (thrown) {
      return { failure: asFailure(thrown) }
    }
  },
})
