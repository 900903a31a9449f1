/** The address of a server, and the command that starts its programs there: in a network namespace of their own, for example. */
export type Place = { readonly host: string; readonly within: readonly string[] }

export const onLoopback: Place = { host: '127.0.0.1', within: [] }

/** A program with its arguments, as it is started at a place. */
export const startedAt = (
  { within }: Place,
  program: string,
  args: readonly string[],
): { readonly command: string; readonly args: readonly string[] } => {
  const [command = program, ...rest] = [...within, program, ...args]
  return { command, args: rest }
}
