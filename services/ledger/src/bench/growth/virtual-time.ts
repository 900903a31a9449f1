import { processorShare } from './costs.ts'

/** Time that passes only by events: a simulated hour lasts as long as its work. */
export type VirtualTime = {
  readonly now: () => number
  readonly at: (delayMs: number, event: () => void) => void
  readonly pause: (delayMs: number) => Promise<void>
  readonly runUntil: (timeMs: number) => Promise<void>
}

type Event = { readonly time: number; readonly order: number; readonly run: () => void }

/** Turns of the event loop in which the ledger's own code reacts: a batch defers its begin, and so does the append queue. */
const turnsPerInstant = 3

export const createVirtualTime = (startAt: number): VirtualTime => {
  const heap = createHeap()
  let time = startAt
  let order = 0
  const at = (delayMs: number, run: () => void): void => {
    order += 1
    heap.push({ time: time + delayMs, order, run })
  }
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < turnsPerInstant; turn += 1) {
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
  }
  return {
    now: () => time,
    at,
    pause: (delayMs) => new Promise((resolve) => at(delayMs, resolve)),
    runUntil: async (until) => {
      await settle()
      for (let next = heap.first(); next !== undefined && next.time <= until; next = heap.first()) {
        heap.pop()
        time = next.time
        next.run()
        await settle()
      }
      time = until
    },
  }
}

const isBefore = (one: Event, other: Event): boolean =>
  one.time < other.time || (one.time === other.time && one.order < other.order)

const createHeap = () => {
  const events: Event[] = []
  const swap = (one: number, other: number): void => {
    const kept = events[one]
    const moved = events[other]
    if (kept === undefined || moved === undefined) return
    events[one] = moved
    events[other] = kept
  }
  const comesBefore = (one: number, other: number): boolean => {
    const [left, right] = [events[one], events[other]]
    return left !== undefined && right !== undefined && isBefore(left, right)
  }
  return {
    first: (): Event | undefined => events[0],
    push: (event: Event): void => {
      events.push(event)
      for (let child = events.length - 1; child > 0;) {
        const parent = (child - 1) >> 1
        if (!comesBefore(child, parent)) return
        swap(child, parent)
        child = parent
      }
    },
    pop: (): void => {
      swap(0, events.length - 1)
      events.pop()
      for (let parent = 0; ;) {
        const left = 2 * parent + 1
        const least = comesBefore(left + 1, left) ? left + 1 : left
        if (!comesBefore(least, parent)) return
        swap(parent, least)
        parent = least
      }
    },
  }
}

/** Processors of one machine. A Node process uses one at a time, a server as many as there are. */
export type Machine = {
  /** Resolves once the process had that much of a processor. */
  readonly use: (process: string, ms: number) => Promise<void>
  /** Processor time of each process so far. */
  readonly usedMs: () => ReadonlyMap<string, number>
}

const serversOfManyThreads: ReadonlySet<string> = new Set(['mongod', 'rabbitmq'])

type Task = { readonly process: string; readonly ms: number; readonly done: () => void }

export const createMachine = ({ at }: Pick<VirtualTime, 'at'>, cores: number): Machine => {
  const used = new Map<string, number>()
  const busy = new Set<string>()
  const waiting: Task[] = []
  let free = cores
  const begin = (task: Task): void => {
    const isAlone = !serversOfManyThreads.has(task.process)
    free -= 1
    if (isAlone) busy.add(task.process)
    used.set(task.process, (used.get(task.process) ?? 0) + task.ms)
    at(task.ms / processorShare, () => {
      free += 1
      if (isAlone) busy.delete(task.process)
      task.done()
      beginWaiting()
    })
  }
  const beginWaiting = (): void => {
    for (let index = 0; free > 0 && index < waiting.length;) {
      const task = waiting[index]
      if (task === undefined || busy.has(task.process)) {
        index += 1
        continue
      }
      waiting.splice(index, 1)
      begin(task)
    }
  }
  return {
    use: (process, ms) =>
      new Promise((done) => {
        waiting.push({ process, ms, done })
        beginWaiting()
      }),
    usedMs: () => used,
  }
}
