/** Ignores that a collection exists already: two instances may create it at once. */
export const ignoreExisting = (error: unknown): void => {
  if ((error as { codeName?: string }).codeName !== 'NamespaceExists') throw error
}
