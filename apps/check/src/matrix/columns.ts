import type { ServerVersions } from '@recargas/stack/server-versions'

/** The newest release of each line of Node that the system runs on, and the oldest that package.json allows. */
export const nodeVersions = { '20': '20.19.0', '22': '22.23.5', '24': '24.21.0' } as const
export type NodeLine = keyof typeof nodeVersions

/** Servers of Debian 12 and its time, and the newest that can be installed from packages. */
export const serverSets = {
  older: { mongodb: 'any', rabbitmq: 'any' },
  newer: { mongodb: '6.0.27', rabbitmq: '4.3' },
} as const satisfies Readonly<Record<string, ServerVersions>>
export type ServerSet = keyof typeof serverSets

/** One run of the unit and integration tests: on one Node, with one set of servers. */
export type Column = { readonly node: NodeLine; readonly servers: ServerSet }

/** Every column that the options leave, those of the oldest Node first. */
export const columnsOf = (asked: {
  readonly node?: NodeLine
  readonly servers?: ServerSet
}): readonly Column[] =>
  (Object.keys(nodeVersions) as NodeLine[])
    .filter((node) => asked.node === undefined || asked.node === node)
    .flatMap((node) =>
      (Object.keys(serverSets) as ServerSet[])
        .filter((servers) => asked.servers === undefined || asked.servers === servers)
        .map((servers) => ({ node, servers })),
    )

export const nameOf = ({ node, servers }: Column): string =>
  `Node ${nodeVersions[node]}, ${servers} servers`

/** Counts of one column, or the reason for which it could not run. */
export type Outcome =
  | {
      readonly kind: 'ran'
      readonly passed: number
      readonly failed: number
      readonly skipped: number
      readonly seconds: number
    }
  | { readonly kind: 'not run'; readonly reason: string }

/** One line for each column and a closing line; a column that could not run counts as skipped. */
export const reportOf = (
  outcomes: readonly (readonly [Column, Outcome])[],
): { readonly lines: readonly string[]; readonly passes: boolean } => {
  const total = { passed: 0, failed: 0, skipped: 0 }
  const lines = outcomes.map(([column, outcome]) => {
    switch (outcome.kind) {
      case 'ran': {
        const { passed, failed, skipped, seconds } = outcome
        total.passed += passed
        total.failed += failed
        total.skipped += skipped
        return `${failed === 0 ? '✓' : '✗'} ${nameOf(column)}: ${passed} passed, ${failed} failed, ${skipped} skipped in ${seconds} s`
      }
      case 'not run':
        total.skipped += 1
        return `- ${nameOf(column)} skipped: ${outcome.reason}`
    }
  })
  const { passed, failed, skipped } = total
  const closing = `matrix: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
  return { lines: [...lines, closing], passes: failed === 0 }
}
