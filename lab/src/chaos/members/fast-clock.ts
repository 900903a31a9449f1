import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { unpackDebianPackages } from '@recargas/stack/debian-packages'
import { cacheFolder, onPath } from '@recargas/stack/install'
import { say } from '../../runner/report.ts'

/** The environment of a program whose clock is so many seconds ahead. */
export type FastClock = (seconds: number) => Readonly<Record<string, string>>

/** @returns null where the machine has no packages of Debian */
export const findFastClock = async (): Promise<FastClock | null> => {
  const folder = join(cacheFolder(), 'faketime')
  if (!existsSync(folder)) {
    if (onPath('apt-get') === null) return null
    say('unpacking libfaketime (Debian package)')
    try {
      await unpackDebianPackages({
        packages: ['libfaketime'],
        suite: 'of this machine',
        onThisMachinesLibraries: true,
        folder,
      })
    } catch (error) {
      say(`libfaketime cannot be unpacked, so no clock is changed: ${String(error)}`)
      return null
    }
  }
  const file = readdirSync(folder, { recursive: true, withFileTypes: true }).find(
    ({ name }) => name === 'libfaketimeMT.so.1',
  )
  if (file === undefined) return null
  const library = join(file.parentPath, file.name)
  return (seconds) => ({
    LD_PRELOAD: library,
    FAKETIME: `+${seconds}s`,
    // Time-outs follow the monotonic clock, which stays as it is.
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    DONT_FAKE_MONOTONIC: '1',
  })
}
