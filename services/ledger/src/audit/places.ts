/**
 * The position of the latest block that names a key, for millions of keys in a few bytes each. A key is stored as 64 bits of a
 * hash, so the caller reads the block and checks that it names the key. Beyond its bound it forgets the older half.
 */
export type Places = {
  readonly set: (key: string, position: number) => void
  /** undefined: the key was never set, or is forgotten. */
  readonly get: (key: string) => number | undefined
  /** True when some keys are forgotten. */
  readonly hasForgotten: () => boolean
}

const slotsMin = 1_024
/** Two tables of twelve bytes a slot: 96 MiB at most. */
const slotsMaxDefault = 2 ** 22
const fillMax = 0.75

export const createPlaces = (slotsMax = slotsMaxDefault): Places => {
  let table = createTable(slotsMin)
  let older: Table | null = null
  let forgotten = false
  return {
    set: (key, position) => {
      hash(key)
      if (table.used >= table.slots * fillMax) {
        if (table.slots < slotsMax) table = grown(table)
        else {
          forgotten ||= older !== null
          older = table
          table = createTable(slotsMin)
        }
      }
      put(table, low, high, position)
    },
    get: (key) => {
      hash(key)
      return look(table, low, high) ?? (older === null ? undefined : look(older, low, high))
    },
    hasForgotten: () => forgotten,
  }
}

/** Open addressing over typed arrays: a map of strings would hold every key. */
type Table = {
  readonly slots: number
  readonly lows: Uint32Array
  readonly highs: Uint32Array
  /** Position + 1; 0 marks an empty slot. */
  readonly positions: Uint32Array
  used: number
}

const createTable = (slots: number): Table => ({
  slots,
  lows: new Uint32Array(slots),
  highs: new Uint32Array(slots),
  positions: new Uint32Array(slots),
  used: 0,
})

const grown = (table: Table): Table => {
  const larger = createTable(table.slots * 2)
  for (let slot = 0; slot < table.slots; slot += 1) {
    const position = table.positions[slot] ?? 0
    if (position !== 0) put(larger, table.lows[slot] ?? 0, table.highs[slot] ?? 0, position - 1)
  }
  return larger
}

const slotOf = ({ slots, lows, highs, positions }: Table, one: number, two: number): number => {
  let slot = one & (slots - 1)
  while (positions[slot] !== 0 && (lows[slot] !== one || highs[slot] !== two)) {
    slot = (slot + 1) & (slots - 1)
  }
  return slot
}

const put = (table: Table, one: number, two: number, position: number): void => {
  const slot = slotOf(table, one, two)
  if (table.positions[slot] === 0) table.used += 1
  table.lows[slot] = one
  table.highs[slot] = two
  table.positions[slot] = position + 1
}

const look = (table: Table, one: number, two: number): number | undefined => {
  const position = table.positions[slotOf(table, one, two)] ?? 0
  return position === 0 ? undefined : position - 1
}

let low = 0
let high = 0

/** Two FNV-1a hashes of 32 bits, left in `low` and `high`: a pair made for each of millions of keys would cost more. */
const hash = (key: string): void => {
  let one = 0x811c9dc5
  let two = 0x01234567
  for (let index = 0; index < key.length; index += 1) {
    const code = key.charCodeAt(index)
    one = Math.imul(one ^ code, 0x01000193)
    two = Math.imul(two ^ code, 0x01000197)
  }
  low = one >>> 0
  high = two >>> 0
}
