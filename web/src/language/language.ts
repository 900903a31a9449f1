import { computed, signal } from '@preact/signals'

export const languages = ['es', 'en'] as const
export type Language = (typeof languages)[number]

/** The language's own name, for the switch. */
export const languageNames: Readonly<Record<Language, string>> = { es: 'Español', en: 'English' }

const itemName = 'recargas.language'

/** A browser that forbids storage starts in Spanish each time. */
const readLanguage = (): Language => {
  try {
    return localStorage.getItem(itemName) === 'en' ? 'en' : 'es'
  } catch {
    return 'es'
  }
}

export const language = signal<Language>(readLanguage())

export const speak = (chosen: Language): void => {
  language.value = chosen
  try {
    localStorage.setItem(itemName, chosen)
  } catch {
    // The choice lasts as long as the page.
  }
}

/** Regional formats of dates and times. */
export const locale = computed(() => (language.value === 'es' ? 'es-BO' : 'en-GB'))

type Word = string | ((...facts: never[]) => string)
/** The same names as the Spanish table, and the same facts for each sentence. */
type SameAs<Table> = {
  readonly [Name in keyof Table]: Table[Name] extends (...facts: infer Facts) => string
    ? (...facts: Facts) => string
    : string
}

/** Both tables of one screen. A component that reads `.value` is drawn again when the language changes. */
export const wordsOf = <const Table extends Readonly<Record<string, Word>>>(
  es: Table & SameAs<Table>,
  en: SameAs<Table>,
) => computed<SameAs<Table>>(() => (language.value === 'es' ? es : en))

/** The word of a name that the gateway gave; the name itself where another version of it has a new one. */
export const nameIn = <Name extends string>(
  words: Readonly<Record<Name, string>>,
  name: Name,
): string => (name in words ? words[name] : name)
