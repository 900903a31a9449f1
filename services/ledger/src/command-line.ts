export const print = (text: string): void => void process.stdout.write(`${text}\n`)
export const printError = (text: string): void => void process.stderr.write(`${text}\n`)

/** Arguments of a tool that leave nothing to do. */
export type Idle = { readonly kind: 'help' } | { readonly kind: 'wrong'; readonly reason: string }

export const isIdle = (args: { readonly kind: string }): args is Idle =>
  args.kind === 'help' || args.kind === 'wrong'

/** Prints the usage, after the fault of wrong arguments. @returns the exit code */
export const printUsage = (args: Idle, usage: string): number => {
  if (args.kind === 'help') {
    print(usage)
    return 0
  }
  printError(`${args.reason}\n\n${usage}`)
  return 2
}
