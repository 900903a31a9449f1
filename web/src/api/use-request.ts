import { useSignal } from '@preact/signals'
import { asFailure, sentenceOf } from './answer.ts'

/** The requests of a form, one at a time, and the sentence of the last one that was refused or not answered. */
export const useRequest = () => {
  const fault = useSignal('')
  const isUnderWay = useSignal(false)
  /** Makes a request; while another is under way it is left out. */
  const make = async (request: () => Promise<unknown>): Promise<void> => {
    if (isUnderWay.value) return
    isUnderWay.value = true
    fault.value = ''
    try {
      await request()
    } catch (thrown) {
      fault.value = sentenceOf(asFailure(thrown))
    } finally {
      isUnderWay.value = false
    }
  }
  return { fault, isUnderWay, make }
}
