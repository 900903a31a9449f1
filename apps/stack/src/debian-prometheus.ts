import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cacheFolder, isExecutable, onPath } from './install.ts'
import { runProgram } from './run-program.ts'

const help =
  'Prometheus is missing. Install it (Debian and Ubuntu: sudo apt-get install prometheus).'

/** Prometheus' own program: on PATH, kept by an earlier run, or taken out of Debian's package, so that no server is installed. */
export const prometheusProgram = async (log: (line: string) => void): Promise<string> => {
  const kept = join(cacheFolder(), 'prometheus', 'prometheus')
  const found = onPath('prometheus') ?? (isExecutable(kept) ? kept : null)
  if (found !== null) return found
  if (onPath('apt-get') === null || onPath('dpkg-deb') === null) throw new Error(help)
  log("taking prometheus out of Debian's package")
  const work = mkdtempSync(join(tmpdir(), 'recargas-prometheus-'))
  try {
    const unpack = 'cd "$1" && apt-get download -qq prometheus && dpkg-deb --extract *.deb .'
    await runProgram('sh', ['-c', unpack, 'sh', work])
    mkdirSync(dirname(kept), { recursive: true })
    // Whole or not at all: an interrupted attempt is begun anew.
    copyFileSync(join(work, 'usr/bin/prometheus'), `${kept}.part`)
    chmodSync(`${kept}.part`, 0o755)
    renameSync(`${kept}.part`, kept)
  } catch (error) {
    throw new Error(`${help}\n${String(error)}`, { cause: error })
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return kept
}
