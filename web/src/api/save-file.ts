/** Gives a file to the browser's downloads. It comes by the API, which needs the token: a plain link could not have it. */
export const saveFile = (name: string, content: Blob | string): void => {
  const blob = typeof content === 'string' ? new Blob([content], { type: 'text/csv' }) : content
  const address = URL.createObjectURL(blob)
  Object.assign(document.createElement('a'), { href: address, download: name }).click()
  URL.revokeObjectURL(address)
}
