import { useSignal } from '@preact/signals'
import { asFailure, sentenceOf } from './answer.ts'

/** The options of a request whose answer is a sheet. */
export const asSheet = { headers: { Accept: 'text/csv' }, parseAs: 'blob' } as const

/** Gives a file to the browser's downloads. It comes by the API, which needs the token: a plain link could not have it. */
export const saveFile = (name: string, content: Blob): void => {
  const address = URL.createObjectURL(content)
  Object.assign(document.createElement('a'), { href: address, download: name }).click()
  URL.revokeObjectURL(address)
}

/** Saves sheets, and holds the sentence of the last one that could not be read. */
export const useSheets = () => {
  const fault = useSignal('')
  const save = async (name: string, read: () => Promise<Blob>): Promise<void> => {
    fault.value = ''
    try {
      saveFile(name, await read())
    } catch (thrown) {
      fault.value = sentenceOf(asFailure(thrown))
    }
  }
  return { fault, save }
}
