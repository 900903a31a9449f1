import { useRequest } from './use-request.ts'

/** The options of a request whose answer is a sheet. */
export const asSheet = { headers: { Accept: 'text/csv' }, parseAs: 'blob' } as const

/** Gives a file to the browser's downloads. It comes by the API, which needs the token: a plain link could not have it. */
export const saveFile = (name: string, content: Blob): undefined => {
  const address = URL.createObjectURL(content)
  Object.assign(document.createElement('a'), { href: address, download: name }).click()
  URL.revokeObjectURL(address)
}

/** Saves sheets, and holds the sentence of the last one that could not be read. */
export const useSheets = () => {
  const { fault, make } = useRequest()
  const save = (name: string, read: () => Promise<Blob>): Promise<void> =>
    make(async () => saveFile(name, await read()))
  return { fault, save }
}
