import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NodeCount } from './server-versions.ts'

/** Version of the data that a stack keeps in its folder, or in volumes of its own. Raised when earlier data cannot be read. */
export const stackLayout = 2

/** A file beside the data. */
export const layoutFile = 'layout'

/**
 * Records the layout of a new folder and the members of its servers, and refuses one with data of another version or of
 * another number of members.
 * @param isUsed a stack has kept data under this folder before
 * @throws with the remedy
 */
export const claimFolder = (folder: string, isUsed: boolean, nodes: NodeCount): void => {
  const file = join(folder, layoutFile)
  // The first layout was not noted, and single members are not.
  const [kept = 1, keptNodes = 1] = existsSync(file)
    ? readFileSync(file, 'utf8').trim().split(' ').map(Number)
    : [isUsed ? 1 : stackLayout, nodes]
  if (kept !== stackLayout) {
    const which = kept > stackLayout ? 'a later' : 'an earlier'
    throw new Error(
      `the data of ${folder} were made by ${which} version and are not read by this one: ` +
        'start anew (npm start -- --reset), or go on with the version that made them',
    )
  }
  if (keptNodes !== nodes) {
    throw new Error(
      `the data of ${folder} are those of servers with ${keptNodes} member${keptNodes === 1 ? '' : 's'}: ` +
        `go on with them (STACK_NODES=${keptNodes} npm start), or start anew (npm start -- --reset)`,
    )
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, nodes === 1 ? `${stackLayout}\n` : `${stackLayout} ${nodes}\n`)
}
