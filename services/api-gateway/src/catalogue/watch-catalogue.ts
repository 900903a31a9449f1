import { readFile, stat } from 'node:fs/promises'
import {
  catalogueChanges,
  readCatalogueText,
  type Catalogue,
  type CatalogueReading,
  type MerchantId,
} from '@recargas/contracts'
import { runRounds, type Log } from '@recargas/runtime'

/** Far more than thousands of shops need; a larger file is not read. */
export const catalogueBytesMax = 16 * 1_048_576

/** The result of reading the catalogue's file: its text, or the problem. */
export type FileReading =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'unreadable'; readonly problem: string }

export const readCatalogueFile = async (path: string): Promise<FileReading> => {
  try {
    const { size } = await stat(path)
    if (size > catalogueBytesMax) {
      return { kind: 'unreadable', problem: `the file has more than ${catalogueBytesMax} bytes` }
    }
    return { kind: 'text', text: await readFile(path, 'utf8') }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return { kind: 'unreadable', problem: `cannot read the file (${code ?? String(error)})` }
  }
}

type Deps = {
  readonly read: () => Promise<FileReading>
  readonly first: Catalogue
  /** The catalogue must keep the shop of tokens without a merchant. */
  readonly defaultMerchant: MerchantId | undefined
  readonly take: (catalogue: Catalogue) => void
  readonly log: Pick<Log, 'info' | 'warn'>
  readonly onLook: (isTaken: boolean) => void
}

export type CatalogueWatch = {
  readonly look: () => Promise<void>
  /** The problems of the present file, when an earlier one is still in force; null otherwise. */
  readonly refused: () => readonly string[] | null
}

/**
 * Takes the catalogue's file whenever its content has changed. A file that is wrong changes nothing: the last good one
 * counts on. Its content is compared, not its time: a mounted file may keep its time, or be replaced with a link.
 */
export const createCatalogueWatch = (deps: Deps): CatalogueWatch => {
  const { log, onLook } = deps
  let counting = deps.first
  let seen: string | null = null
  let refused: readonly string[] | null = null
  let suspect: string | null = null
  const take = (catalogue: Catalogue): void => {
    const changes = catalogueChanges(counting, catalogue)
    if (changes.length > 0 || refused !== null) log.info('catalogue taken', { changes })
    counting = catalogue
    refused = null
    if (changes.length > 0) deps.take(catalogue)
  }
  const look = async (): Promise<void> => {
    const reading = await deps.read()
    const content = reading.kind === 'text' ? `+${reading.text}` : `-${reading.problem}`
    if (content === seen) return
    const judged = judge(reading, deps.defaultMerchant)
    if (judged.kind === 'wrong' && content !== suspect) {
      // The file may be half written: it is refused only when the next look finds the same content.
      suspect = content
      return
    }
    seen = content
    if (judged.kind === 'ok') take(judged.catalogue)
    else {
      refused = judged.problems
      log.warn('catalogue refused; the previous one stays in force', { problems: judged.problems })
    }
    onLook(refused === null)
  }
  return { look, refused: () => refused }
}

const judge = (reading: FileReading, defaultMerchant: MerchantId | undefined): CatalogueReading => {
  if (reading.kind === 'unreadable') return { kind: 'wrong', problems: [reading.problem] }
  const read = readCatalogueText(reading.text)
  if (read.kind === 'wrong' || defaultMerchant === undefined) return read
  return Object.hasOwn(read.catalogue.merchants, defaultMerchant)
    ? read
    : {
        kind: 'wrong',
        problems: [`merchants.${defaultMerchant}: is missing, and is DEFAULT_MERCHANT`],
      }
}

const lookEveryMs = 1_000

export const runCatalogueWatch = (
  { look }: CatalogueWatch,
  log: Deps['log'],
): { readonly stop: () => Promise<void> } =>
  runRounds(look, {
    everyMs: lookEveryMs,
    begin: 'after-pause',
    onFailure: (error) => log.warn('catalogue file could not be read', { error }),
  })
