import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Version of the data that a stack keeps in its folder, or in volumes of its own. Raised when earlier data cannot be read. */
export const stackLayout = 2

/** A file beside the data. */
export const layoutFile = 'layout'

/**
 * Records the layout of a new folder, and refuses one with data of another version.
 * @param isUsed a stack has kept data under this folder before
 * @throws with the remedy
 */
export const claimFolder = (folder: string, isUsed: boolean): void => {
  const file = join(folder, layoutFile)
  // The first layout was not noted.
  const kept = existsSync(file) ? Number(readFileSync(file, 'utf8')) : isUsed ? 1 : stackLayout
  if (kept !== stackLayout) {
    const which = kept > stackLayout ? 'a later' : 'an earlier'
    throw new Error(
      `the data of ${folder} were made by ${which} version and are not read by this one: ` +
        'start anew (npm start -- --reset), or go on with the version that made them',
    )
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, `${stackLayout}\n`)
}
