import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { isReachable } from '../api/connection.ts'
import { readNumber } from './order.ts'
import { readLastOperator } from './reads.ts'

/** As short as a number is anywhere; a person who still types is not asked for. */
const digitsMin = 7
const pauseMs = 300

/** The operator that took this number last, by a search of all sales. A search that fails gives no hint. */
export const useLastOperator = (text: string): string | null => {
  const found = useSignal<{ readonly number: string; readonly operator: string | null } | null>(
    null,
  )
  const number = readNumber(text)
  const isAsked = number.length >= digitsMin && isReachable.value
  useEffect(() => {
    if (!isAsked || found.peek()?.number === number) return
    let isOver = false
    const timer = setTimeout(() => {
      readLastOperator(number).then(
        (operator) => {
          if (!isOver) found.value = { number, operator }
        },
        () => undefined,
      )
    }, pauseMs)
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [number, isAsked])
  return found.value?.number === number ? found.value.operator : null
}
