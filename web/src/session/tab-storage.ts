/** Storage of this tab alone, which ends with it. A browser that forbids it keeps everything until the page is left. */

export const readItem = (name: string): string | null => {
  try {
    return sessionStorage.getItem(name)
  } catch {
    return null
  }
}

export const writeItem = (name: string, text: string | null): void => {
  try {
    if (text === null) sessionStorage.removeItem(name)
    else sessionStorage.setItem(name, text)
  } catch {
    // Kept in memory.
  }
}

/** @returns null for a text that is no JSON object */
export const readObject = (name: string): Readonly<Record<string, unknown>> | null => {
  try {
    const value: unknown = JSON.parse(readItem(name) ?? 'null')
    return typeof value === 'object' ? (value as Readonly<Record<string, unknown>> | null) : null
  } catch {
    return null
  }
}

export const removeItems = (prefix: string): void => {
  try {
    for (const name of Object.keys(sessionStorage)) {
      if (name.startsWith(prefix)) sessionStorage.removeItem(name)
    }
  } catch {
    // There are none.
  }
}
