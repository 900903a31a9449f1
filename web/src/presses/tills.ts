import { effect } from '@preact/signals'
import { client } from '../api/client.ts'
import { isExpired, perOwner } from '../session/session.ts'
import { database } from '../storage/database.ts'
import { createLocks, newKey } from './locks.ts'
import { createPressStore } from './store.ts'
import { createTill } from './till.ts'

const store = createPressStore(database)
const locks = createLocks(navigator.locks)

/** The till of the person signed in; null before. */
export const till = perOwner((owner) =>
  createTill({ store, client, locks, newKey, now: () => Date.now() }, owner),
)

const tickMs = 1_000

/** Continues the kept presses of the person signed in, on any screen, as long as the page is open. */
export const followPresses = (): void => {
  effect(() => {
    const current = till.value
    if (current === null || isExpired.value) return
    let isOver = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const tick = async () => {
      await current.resume()
      if (!isOver) timer = setTimeout(() => void tick(), tickMs)
    }
    void current.reload().then(tick)
    const end = store.onChange((ended) => void current.reload(ended))
    return () => {
      isOver = true
      clearTimeout(timer)
      end()
    }
  })
}
