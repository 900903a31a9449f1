/** Of a collection that is created where it is missing: two instances may start at once. */
export const ignoreExisting = (error: unknown): void => {
  if ((error as { codeName?: string }).codeName !== 'NamespaceExists') throw error
}
