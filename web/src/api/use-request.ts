import { useSignal } from '@preact/signals'
import { asFailure, sentenceOf } from './answer.ts'

/** @returns the sentence of what is wrong with the form; undefined where nothing is. @throws a failure of the API */
export type Request = () => Promise<string | undefined> | string | undefined

/** The requests of a form, one at a time, and the sentence of the last one that was wrong, refused or not answered. */
export const useRequest = () => {
  const fault = useSignal('')
  const isUnderWay = useSignal(false)
  /** Makes a request; while another is under way it is left out. */
  const make = async (request: Request): Promise<void> => {
    if (isUnderWay.value) return
    isUnderWay.value = true
    fault.value = ''
    try {
      fault.value = (await request()) ?? ''
    } catch (thrown) {
      fault.value = sentenceOf(asFailure(thrown))
    } finally {
      isUnderWay.value = false
    }
  }
  return { fault, isUnderWay, make }
}
