import { expect, test } from '@jest/globals'
import { projectionNames } from '@recargas/contracts'
import { projections } from './all.ts'

test('other programs know every projection by its name', () => {
  expect(projections.map(({ name }) => name).sort()).toEqual([...projectionNames].sort())
})
