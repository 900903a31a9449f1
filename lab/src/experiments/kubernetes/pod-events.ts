/** One line of a watch of pods: a pod as it is after the event. */
export type PodEvent = {
  readonly isGone: boolean
  readonly name: string
  readonly component: string
  /** A pod that ends gets no new requests, ready or not. */
  readonly serves: boolean
  readonly node: string
  readonly image: string
}

const columns = [
  '.type',
  '.object.metadata.name',
  '.object.metadata.labels.app\\.kubernetes\\.io/component',
  '.object.status.conditions[?(@.type=="Ready")].status',
  '.object.metadata.deletionTimestamp',
  '.object.spec.nodeName',
  '.object.spec.containers[0].image',
]

/** Makes `kubectl get --watch --output-watch-events` print the lines that podEventsOf reads. */
export const podEventTemplate = `jsonpath=${columns.map((column) => `{${column}}`).join('{"|"}')}{"\\n"}`

export const podEventsOf = (lines: string): readonly PodEvent[] =>
  lines.split('\n').flatMap((line) => {
    const fields = line.split('|')
    if (fields.length !== columns.length) return []
    const [type = '', name = '', component = '', ready, endsAt, node = '', image = ''] = fields
    return [
      {
        isGone: type === 'DELETED',
        name,
        component,
        serves: type !== 'DELETED' && ready === 'True' && endsAt === '',
        node,
        image,
      },
    ]
  })

/** The pods of each moment, from that after the first `from` events on. */
const momentsOf = function* (
  events: readonly PodEvent[],
  from: number,
): Generator<readonly PodEvent[]> {
  const pods = new Map<string, PodEvent>()
  for (const [index, event] of events.entries()) {
    if (index === from) yield [...pods.values()]
    if (event.isGone) pods.delete(event.name)
    else pods.set(event.name, event)
    if (index >= from) yield [...pods.values()]
  }
  if (from >= events.length) yield [...pods.values()]
}

/** The fewest pods of a component that served at once since the first `from` events. */
export const fewestServing = (
  events: readonly PodEvent[],
  component: string,
  from: number,
): number => {
  const counts = [...momentsOf(events, from)].map(
    (pods) => pods.filter((pod) => pod.serves && pod.component === component).length,
  )
  return Math.min(...counts)
}

/** The pods that are there after all events. */
export const podsAfter = (events: readonly PodEvent[]): readonly PodEvent[] =>
  [...momentsOf(events, events.length)].at(-1) ?? []
