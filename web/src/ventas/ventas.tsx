import { useEffect, useRef } from 'preact/hooks'
import { sentenceOf } from '../api/answer.ts'
import { shop } from '../api/shop.ts'
import { Filter } from './filter-form.tsx'
import type { Listing } from './listing.ts'
import { openedId } from './reads.ts'
import { SaleDialog } from './sale-dialog.tsx'
import { SaleGroup } from './sale-group.tsx'
import { useListing } from './use-listing.ts'
import { words } from './words.ts'

/** All sales, newest first: searched, scrolled page by page, each with its details. */
export const Ventas = () => {
  const say = words.value
  shop.useShown()
  const { listing, failure, fault, isLoading, loadMore, search } = useListing()
  const opened = openedId.value
  return (
    <>
      <Filter search={search} />
      {failure !== null && <p role="alert">{sentenceOf(failure)}</p>}
      {listing === null && failure === null && <p>{say.loading}</p>}
      {listing !== null && (
        <section aria-labelledby="sales">
          <h2 id="sales" aria-live="polite">
            {say.shown(countOf(listing), listing.total)}
          </h2>
          {listing.groups.length === 0 && <p>{say.none}</p>}
          {listing.groups.map((group, at) => (
            <SaleGroup key={at === 0 ? 'first' : group.at(-1)?.id} group={group} titleId="sales" />
          ))}
          <p role="alert" class="fault">
            {fault}
          </p>
          {listing.next !== null && (
            <More
              next={listing.next}
              isLoading={isLoading}
              isPaused={fault !== ''}
              load={loadMore}
            />
          )}
        </section>
      )}
      {opened !== null && <SaleDialog key={opened} id={opened} />}
    </>
  )
}

const countOf = ({ groups }: Listing): number =>
  groups.reduce((sum, group) => sum + group.length, 0)

type MoreProps = {
  readonly next: number
  readonly isLoading: boolean
  readonly isPaused: boolean
  readonly load: () => Promise<void>
}

/** Sales are read before the end of the list is on the screen. */
const ahead = '1500px'

/** Loads the next page when it is near, and at a press: after a failure only then. */
const More = ({ next, isLoading, isPaused, load }: MoreProps) => {
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    // A page that was asked for meanwhile may be of another list: the end is looked for again once it is there.
    if (button.current === null || isPaused || isLoading) return
    const watch = new IntersectionObserver(
      (seen) => {
        if (seen.some(({ isIntersecting }) => isIntersecting)) void load()
      },
      { rootMargin: ahead },
    )
    watch.observe(button.current)
    return () => watch.disconnect()
  }, [next, isPaused, isLoading])
  return (
    <button ref={button} type="button" aria-disabled={isLoading} onClick={() => void load()}>
      {isLoading ? words.value.loading : words.value.more}
    </button>
  )
}
