/**
 * The same flags as in the containers. By default V8 lets a busy heap grow to three or four times its live objects: a third of
 * a service's memory was garbage. A heap that grows by 40 % only, with a nursery large enough that little is promoted, costs
 * little CPU. No source maps: they are kept in memory, and the build differs from its source only by the types.
 */
const ownFlags = ['--max-semi-space-size=16', '--heap-growing-percent=40']

/** V8 takes its flags with either line. */
const nameOf = (flag: string): string => (flag.split('=')[0] ?? '').replaceAll('_', '-')

/** The caller's options, then a service's own: Node takes the last of two that contradict each other. */
export const mergeNodeOptions = (inherited = '', given = ''): string =>
  [inherited, given].filter((options) => options !== '').join(' ')

/** Flags of the command line, which count more than NODE_OPTIONS: none that NODE_OPTIONS sets. */
export const nodeFlags = (nodeOptions: string, inspectPort?: number): readonly string[] => {
  const given = new Set(nodeOptions.split(/\s+/).map(nameOf))
  const inspect = inspectPort === undefined ? [] : [`--inspect=127.0.0.1:${inspectPort}`]
  return [...ownFlags.filter((flag) => !given.has(nameOf(flag))), ...inspect]
}
