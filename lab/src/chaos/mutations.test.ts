import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { repository } from '@recargas/stack/service-process'
import { mutations } from './mutations.ts'

it.each(mutations)('$name finds each of its texts exactly once in what is built', ({ edits }) => {
  expect(edits.length).toBeGreaterThan(0)
  const found = edits.map(({ file, from }) => {
    const times = readFileSync(join(repository, file), 'utf8').split(from).length - 1
    return { file, from, times }
  })
  expect(found).toEqual(edits.map(({ file, from }) => ({ file, from, times: 1 })))
})
