import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { shownOf, type Shown } from '../api/resource.ts'
import { isExpired, owner } from '../session/session.ts'
import { readBundles, type Bundle, type Operator } from './reads.ts'

type ShownBundles = Shown<readonly Bundle[]>

const loading: ShownBundles = { state: 'loading' }
/** Nothing is read for an operator that sells no packages. */
const none: ShownBundles = { state: 'shown', value: [], at: 0, failure: null }
const retryMs = 10_000

/** The packages of the chosen operator. A read that fails is repeated as long as that operator is chosen. */
export const useBundles = (operator: Operator | undefined): ShownBundles => {
  const last = useSignal<{ readonly key: string; readonly shown: ShownBundles } | null>(null)
  const name = operator?.paquetes == null ? null : operator.nombre
  // Another person's shop may sell other packages of the same operator.
  const key = `${owner.value ?? ''} ${name ?? ''}`
  const isStopped = isExpired.value
  useEffect(() => {
    const known = last.peek()
    const isRead = known?.key === key && known.shown.state === 'shown'
    if (name === null || isStopped || isRead) return
    let isOver = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const read = async () => {
      const shown = await shownOf(() => readBundles(name))
      if (isOver) return
      last.value = { key, shown }
      if (shown.state === 'failed') timer = setTimeout(() => void read(), retryMs)
    }
    void read()
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [key, isStopped])
  if (name === null) return none
  return last.value?.key === key ? last.value.shown : loading
}
