/** Figures and names a sentence needs, already in the words and decimals of the POS. */
export type Facts = Readonly<Record<string, string | number>>

/** The answer of one problem code. */
export type Row = {
  readonly status: number
  readonly title: string
  /** For the cashier: no names of fields, no protocol. */
  readonly message: (facts: Facts) => string
  /** For the developer of the POS, who knows fields and headers; absent where the cashier's sentence is enough. */
  readonly detail?: (facts: Facts) => string
  /** The field, parameter or header that is wrong; absent where no single one is. */
  readonly field?: (facts: Facts) => string | undefined
  readonly retryAfterSeconds?: number
}

/** A row whose sentence needs no facts. */
export const say = (
  status: number,
  title: string,
  sentence: string,
  retryAfterSeconds?: number,
): Row => ({
  status,
  title,
  message: () => sentence,
  ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
})

/** The same, with another sentence for the developer. */
export const sayBoth = (
  status: number,
  title: string,
  { message, detail }: { readonly message: string; readonly detail: string },
): Row => ({ ...say(status, title, message), detail: () => detail })

/** `field` of a row that is always about the same one. */
export const always = (field: string) => (): string => field

/** A field that is wrong; its own sentences usually replace this one. */
export const invalidField = (title: string): Row => say(400, title, `${title}.`)

export const callAdministrator = 'avise al administrador'

/** One sale in Spanish: a bundle is no recarga. */
type SaleWords = {
  readonly thing: string
  readonly plural: string
  /** Ends the adjectives that agree with it. */
  readonly ending: 'a' | 'o'
  /** An earlier sale of the same kind, which has a number. */
  readonly record: string
}

const topupWords: SaleWords = {
  thing: 'la recarga',
  plural: 'recargas',
  ending: 'a',
  record: 'recarga',
}
const bundleWords: SaleWords = {
  thing: 'el paquete',
  plural: 'paquetes',
  ending: 'o',
  record: 'compra',
}

/** The words for the sale that the fact `operation` names; without it a topup's. */
export const saleWords = ({ operation }: Facts): SaleWords =>
  operation === 'RequestBundle.v1' ? bundleWords : topupWords

export const capitalized = (text: string): string =>
  `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
