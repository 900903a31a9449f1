import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Failure } from '../api/answer.ts'
import { useRequest } from '../api/use-request.ts'
import type { Filters } from './filters.ts'
import { listingOf, withFirstPage, withNextPage, type Listing } from './listing.ts'
import { filters, firstPage, readPage } from './reads.ts'

/** The sales that were loaded so far: the first page by itself and at each change of the shop, further pages on demand. */
export const useListing = () => {
  const listed = useSignal<{ readonly asked: Filters; readonly listing: Listing } | null>(null)
  const { fault, isUnderWay, make } = useRequest()
  const shown = firstPage.useShown()
  const first = shown.state === 'shown' ? shown.value : null
  useEffect(() => {
    if (first === null || first.asked !== filters.value) return
    const { asked, page } = first
    const known = listed.value
    const isKnown = known?.asked === asked
    listed.value = {
      asked,
      listing: isKnown ? withFirstPage(known.listing, page) : listingOf(page),
    }
  }, [first])

  const current = listed.value?.asked === filters.value ? listed.value : null
  const loadMore = () =>
    make(async () => {
      const from = listed.value
      if (from === null || from.listing.next === null) return undefined
      const page = await readPage(from.asked, from.listing.next)
      const now = listed.value
      // Another search, or a listing that started again, has pages of its own.
      if (now?.asked === from.asked && now.listing.next === from.listing.next) {
        listed.value = { ...now, listing: withNextPage(now.listing, page) }
      }
      return undefined
    })
  const failure: Failure | null = shown.state === 'loading' ? null : shown.failure
  return {
    listing: current?.listing ?? null,
    failure,
    fault: fault.value,
    isLoading: isUnderWay.value,
    loadMore,
    search: (asked: Filters) => {
      filters.value = asked
      fault.value = ''
      void firstPage.refresh()
    },
  }
}
