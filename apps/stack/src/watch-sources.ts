import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { changedServices, type Dependencies } from './changed-services.ts'
import { describeExit } from './child.ts'
import type { Guard } from './guard.ts'
import { repository } from './service-process.ts'
import type { ServiceName } from './service-names.ts'

type Settings = {
  readonly guard: Guard
  readonly say: (line: string) => void
  /** Called after each build that changed code of a running service. */
  readonly onChange: (names: readonly ServiceName[]) => Promise<void>
}

const workspaces = ['packages', 'services'] as const
const built = /Found (\d+) errors?\. Watching for file changes/
const noise = /Starting compilation in watch mode|File change detected|^\s*$/

/** Builds whenever a source changes, and names the services whose code changed. @returns a function that stops it */
export const watchSources = async ({ guard, say, onChange }: Settings): Promise<() => void> => {
  const dependencies = workspaceDependencies()
  let known = await codeHashes(dependencies)
  const compiler = spawn(
    process.execPath,
    [join(repository, 'node_modules/typescript/bin/tsc'), '-b', '--watch', '--preserveWatchOutput'],
    { cwd: repository, stdio: ['ignore', 'pipe', 'inherit'], detached: true },
  )
  if (compiler.pid !== undefined) guard.add(compiler.pid)
  let isStopped = false
  compiler.once('exit', (code, signal) => {
    if (compiler.pid !== undefined) guard.drop(compiler.pid)
    if (isStopped) return
    say(`✗ the compiler ended with ${describeExit({ code, signal })}; nothing is built any more`)
  })
  const afterBuild = async (errors: number) => {
    if (errors > 0) {
      const counted = errors === 1 ? '1 error' : `${errors} errors`
      say(`✗ build: ${counted}; the services run on with their earlier code`)
      return
    }
    const now = await codeHashes(dependencies)
    const changed = new Set(
      [...now.keys()].filter((folder) => now.get(folder) !== known.get(folder)),
    )
    known = now
    if (changed.size === 0) return
    const names = changedServices(changed, dependencies)
    const folders = [...changed].join(', ')
    say(
      `✓ build: ${folders} changed; ${names.length > 0 ? `restarting ${names.join(', ')}` : 'no service uses it'}`,
    )
    await onChange(names)
  }
  let work = Promise.resolve()
  createInterface({ input: compiler.stdout }).on('line', (line) => {
    const errors = built.exec(line)?.[1]
    if (errors !== undefined) {
      work = work
        .then(() => afterBuild(Number(errors)))
        .catch((error: unknown) => say(`✗ build: ${String(error)}`))
    } else if (!noise.test(line)) say(line)
  })
  return () => {
    isStopped = true
    compiler.kill()
  }
}

type Manifest = { readonly name: string; readonly dependencies?: Readonly<Record<string, string>> }

export const workspaceDependencies = (): Dependencies => {
  const folders = workspaces.flatMap((parent) =>
    readdirSync(join(repository, parent)).map((name) => `${parent}/${name}`),
  )
  const manifests = folders.map((folder) => {
    const text = readFileSync(join(repository, folder, 'package.json'), 'utf8')
    return [folder, JSON.parse(text) as Manifest] as const
  })
  const folderOf = new Map(manifests.map(([folder, { name }]) => [name, folder]))
  return new Map(
    manifests.map(([folder, manifest]) => [
      folder,
      Object.keys(manifest.dependencies ?? {}).flatMap((name) => folderOf.get(name) ?? []),
    ]),
  )
}

/** The code that each workspace was built to: types, maps and comments change none of it. */
const codeHashes = async (dependencies: Dependencies): Promise<ReadonlyMap<string, string>> =>
  new Map(
    await Promise.all(
      [...dependencies.keys()].map(
        async (folder) => [folder, await codeHash(join(repository, folder, 'dist'))] as const,
      ),
    ),
  )

const codeHash = async (folder: string): Promise<string> => {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  const hash = createHash('sha256')
  for (const name of names.filter((each) => each.endsWith('.js')).sort()) {
    hash.update(name).update(await readFile(join(folder, name)))
  }
  return hash.digest('hex')
}
