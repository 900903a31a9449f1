import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A change of one file by its text. */
export type Edit = { readonly file: string; readonly from: string; readonly to: string }

/** @throws where a text does not occur exactly once: the source has changed, so the edit must be changed too */
export const editBuild = (folder: string, name: string, edits: readonly Edit[]): void => {
  for (const { file, from, to } of edits) {
    const path = join(folder, file)
    const text = readFileSync(path, 'utf8')
    if (text.split(from).length !== 2)
      throw new Error(`${name}: ${file} must contain exactly once: ${from}`)
    writeFileSync(
      path,
      text.replace(from, () => to),
    )
  }
}
