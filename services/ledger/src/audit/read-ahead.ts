/** A source that is read while its values are used. */
type Reading<Value> = {
  readonly iterator: AsyncIterator<Value>
  readonly valuesMax: number
  readonly ready: Value[]
  isDone: boolean
  failure: { readonly error: unknown } | null
  filling: Promise<void> | null
}

/**
 * Reads a source while its values are used, up to a bound.
 * @param valuesMax read and not yet used
 */
export async function* readAhead<Value>(
  source: AsyncIterable<Value>,
  valuesMax: number,
): AsyncGenerator<Value> {
  const iterator = source[Symbol.asyncIterator]()
  const reading: Reading<Value> = {
    iterator,
    valuesMax,
    ready: [],
    isDone: false,
    failure: null,
    filling: null,
  }
  try {
    for (;;) {
      // Begun with room only: it then ends after this turn, and never before its promise is kept.
      if (!reading.isDone && reading.ready.length < valuesMax) reading.filling ??= fill(reading)
      const next = reading.ready.shift()
      if (next !== undefined) yield next
      else if (reading.failure !== null) throw reading.failure.error
      else if (reading.isDone) return
      else await reading.filling
    }
  } finally {
    await iterator.return?.()
  }
}

const fill = async <Value>(reading: Reading<Value>): Promise<void> => {
  const { iterator, ready, valuesMax } = reading
  try {
    while (!reading.isDone && ready.length < valuesMax) {
      const next = await iterator.next()
      if (next.done === true) reading.isDone = true
      else ready.push(next.value)
    }
  } catch (error) {
    reading.failure = { error }
    reading.isDone = true
  } finally {
    reading.filling = null
  }
}
