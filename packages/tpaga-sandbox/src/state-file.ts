import { createReadStream } from 'node:fs'
import { access, appendFile, mkdir, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import type { Book, Saved, Transaction } from './carrier/book.ts'

/** Keeps balance and transactions over a restart of the process. */
export type StateFile = {
  /** The file's content, or undefined when there is none yet. Throws when it is damaged. */
  readonly read: () => Promise<Saved | undefined>
  /** Writes the file anew from the book: without superseded lines. */
  readonly rewrite: (book: Book) => Promise<void>
  /** Notes a change; it is in the file at most a second later. */
  readonly changed: (transaction?: Transaction) => void
  /** Writes the pending lines. */
  readonly close: (book: Book) => Promise<void>
}

const flushMs = 1_000
const transactionsPerLine = 1_000

const State = z.enum(['authorized', 'rejected', 'in_progress', 'unknown', 'created'])
const SavedTransaction = z.object({
  request: z.looseObject({
    endpoint: z.enum(['topup_account', 'package_buy']),
    idempotency_token: z.string(),
    amount: z.int(),
  }),
  serial: z.int(),
  state: State,
  debits: z.int(),
  postStatus: z.int().optional(),
  settlement: z
    .object({ state: State.extract(['authorized', 'rejected']), at: z.int() })
    .optional(),
})
const Line = z.object({ balance: z.int(), transactions: z.array(SavedTransaction) })

/**
 * A file of JSON lines; each line is a balance with the transactions that changed before it, so a write costs as much as the
 * changes, not as the book. A kill -9 may lose the last second: a missing or partial line is dropped whole and so never splits
 * a debit.
 */
export function createStateFile(path: string, bookOf: () => Book): StateFile {
  const dirty = new Set<Transaction>()
  let isDirty = false
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()

  const forget = () => {
    clearTimeout(timer)
    timer = undefined
    dirty.clear()
    isDirty = false
  }
  const flush = (book: Book) => {
    const line = isDirty ? lineOf(book.balance(), [...dirty]) : ''
    forget()
    if (line !== '') writing = writing.then(() => appendFile(path, line))
    return writing
  }
  return {
    read: async () => ((await exists(path)) ? readLines(path) : undefined),
    rewrite: (book) => {
      forget()
      writing = writing.then(() => writeAnew(path, book))
      return writing
    },
    changed: (transaction) => {
      isDirty = true
      if (transaction) dirty.add(transaction)
      // A disk that fails must not go unseen: the rejection ends the process.
      timer ??= setTimeout(() => void flush(bookOf()), flushMs).unref()
    },
    close: flush,
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function readLines(path: string): Promise<Saved | undefined> {
  const transactions = new Map<string, Transaction>()
  let balance: number | undefined
  let number = 0
  let unparsed: Error | undefined
  for await (const line of createInterface({ input: createReadStream(path) })) {
    number += 1
    // Only the last line may be a write that was cut off.
    if (unparsed) throw unparsed
    const read = parseLine(line, `${path}:${number}`)
    if (read instanceof Error) {
      unparsed = read
      continue
    }
    balance = read.balance
    for (const each of read.transactions) transactions.set(each.request.idempotency_token, each)
  }
  return balance === undefined ? undefined : { balance, transactions: [...transactions.values()] }
}

function parseLine(line: string, where: string): Saved | Error {
  try {
    // The file is the sandbox's own: the fields of a request were checked when they came in.
    return Line.parse(JSON.parse(line)) as unknown as Saved
  } catch (cause) {
    const message = `${where} is not a state of the sandbox; remove the file to start anew`
    return new Error(message, { cause })
  }
}

/** Beside the old file, then in its place: a crash leaves the one or the other, never half. */
async function writeAnew(path: string, book: Book): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const balance = book.balance()
  const all = [...book.transactions()]
  const file = await open(`${path}.new`, 'w')
  try {
    let line: Transaction[] = []
    for (const transaction of all) {
      line.push(transaction)
      if (line.length < transactionsPerLine) continue
      await file.write(lineOf(balance, line))
      line = []
    }
    await file.write(lineOf(balance, line))
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
}

function lineOf(balance: number, transactions: readonly Transaction[]): string {
  return `${JSON.stringify({ balance, transactions })}\n`
}
