import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The logs and metrics that a service left, of one stack of the end-to-end tests. */
export type Trace = {
  readonly stack: string
  /** Phone numbers that were sold to, and secrets the services were given. */
  readonly canaries: Canaries
  readonly logs: readonly TraceFile[]
  readonly metrics: readonly TraceFile[]
}
export type Canaries = { readonly numbers: readonly string[]; readonly secrets: readonly string[] }
export type TraceFile = { readonly service: string; readonly text: string }

/** The traces' folder; undefined when they are not scanned. */
export const tracesFolder = (): string | undefined => process.env['RECARGAS_TRACES'] || undefined

const answerTimeoutMs = 2_000

/** Keeps a stack's figures, while it still answers. A service that a test has ended has none. */
export const keepMetrics = async (
  folder: string,
  urls: Readonly<Record<string, string>>,
): Promise<void> => {
  await mkdir(join(folder, 'metrics'), { recursive: true })
  await Promise.all(
    Object.entries(urls).map(async ([service, url]) => {
      const text = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(answerTimeoutMs) })
        .then((response) => (response.ok ? response.text() : null))
        .catch(() => null)
      if (text !== null) await writeFile(join(folder, 'metrics', `${service}.txt`), text)
    }),
  )
}

/** Stores a stack's logs, once all of it has ended, and the canaries that must not be in them. */
export const keepLogs = async (folder: string, logs: string, canaries: Canaries): Promise<void> => {
  await cp(logs, join(folder, 'logs'), { recursive: true })
  await writeFile(join(folder, 'canaries.json'), JSON.stringify(canaries))
}

export const readTraces = async (folder: string): Promise<readonly Trace[]> => {
  const stacks = await readdir(folder).catch(() => [])
  return Promise.all(
    stacks.map(async (stack) => ({
      stack,
      canaries: JSON.parse(
        await readFile(join(folder, stack, 'canaries.json'), 'utf8'),
      ) as Canaries,
      logs: await filesOf(join(folder, stack, 'logs')),
      metrics: await filesOf(join(folder, stack, 'metrics')),
    })),
  )
}

const filesOf = async (folder: string): Promise<readonly TraceFile[]> => {
  const names = await readdir(folder).catch(() => [])
  return Promise.all(
    names.map(async (name) => ({
      service: name.replace(/\.\w+$/, ''),
      text: await readFile(join(folder, name), 'utf8'),
    })),
  )
}
