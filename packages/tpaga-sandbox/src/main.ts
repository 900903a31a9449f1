import type { Sandbox } from './sandbox.ts'

// The first statements: the kernel drops every signal that process 1 of a container has no handler for.
let running: Sandbox | null = null
const stop = () =>
  void Promise.resolve(running?.close()).finally(() => {
    process.exit(0)
  })
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, stop)
// A terminal or a pipe that is gone ends no carrier.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

const { readConfig } = await import('./config.ts')
const { createSandbox } = await import('./sandbox.ts')

const config = readConfig()
if (config.kind === 'invalid') {
  process.stderr.write(`tpaga-sandbox cannot start:\n${config.problems.join('\n')}\n`)
  process.exit(1)
}

running = await createSandbox(config.options).catch((error: unknown) => {
  process.stderr.write(`tpaga-sandbox cannot start: ${String(error)}\n`)
  process.exit(1)
})
process.stdout.write(`tpaga-sandbox listening on ${running.url}\n`)
