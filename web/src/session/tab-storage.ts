/** Storage of this tab alone, which ends with it. A browser that forbids it keeps everything until the page is left. */
const orNull = <Value>(use: () => Value): Value | null => {
  try {
    return use()
  } catch {
    return null
  }
}

export const readItem = (name: string): string | null => orNull(() => sessionStorage.getItem(name))

export const writeItem = (name: string, text: string | null): void => {
  orNull(() => {
    if (text === null) sessionStorage.removeItem(name)
    else sessionStorage.setItem(name, text)
  })
}

/** @returns null for a text that is no JSON object */
export const readObject = (name: string): Readonly<Record<string, unknown>> | null =>
  orNull(() => {
    const value: unknown = JSON.parse(readItem(name) ?? 'null')
    return typeof value === 'object' ? (value as Readonly<Record<string, unknown>> | null) : null
  })

export const removeItems = (prefix: string): void => {
  orNull(() => {
    const names = Object.keys(sessionStorage).filter((name) => name.startsWith(prefix))
    for (const name of names) sessionStorage.removeItem(name)
  })
}
