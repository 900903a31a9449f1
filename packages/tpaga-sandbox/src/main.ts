import { readConfig } from './config.ts'
import { createSandbox, type Sandbox } from './sandbox.ts'

// A terminal or a pipe that is gone ends no carrier.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

const config = readConfig()
if (config.kind === 'invalid') {
  process.stderr.write(`tpaga-sandbox cannot start:\n${config.problems.join('\n')}\n`)
  process.exit(1)
}

const sandbox = await createSandbox(config.options).catch((error: unknown) => {
  process.stderr.write(`tpaga-sandbox cannot start: ${String(error)}\n`)
  process.exit(1)
})
process.stdout.write(`tpaga-sandbox listening on ${sandbox.url}\n`)

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(sandbox))

async function stop(running: Sandbox): Promise<void> {
  await running.close()
  process.exit(0)
}
