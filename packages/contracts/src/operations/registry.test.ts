import { expect, test } from '@jest/globals'
import { readdirSync } from 'node:fs'
import { gatewayRefusalCodes } from '../errors.ts'
import { Command, commandTypes } from './commands.ts'
import { OperationResult, operationKinds, operations, refusalCodes } from './registry.ts'

const kebab = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).slice(1)

test('every operation has a file of its name, and a message of its kind', () => {
  const files = readdirSync(new URL('.', import.meta.url))
  for (const kind of operationKinds) {
    expect(files).toContain(`${kebab(kind)}.ts`)
    expect(commandTypes).toContain(`${kind}.v1`)
    expect(operations[kind].kind).toBe(kind)
  }
  expect(Command.options).toHaveLength(operationKinds.length + 1)
})

test('a payload holds nothing that the till did not send', () => {
  for (const { payload } of Object.values(operations)) {
    const { operationId, merchant, actor, fingerprint, currency, shop } = payload.shape as Record<
      string,
      unknown
    >
    expect([operationId, merchant, actor, fingerprint, currency, shop]).toEqual(
      Array.from({ length: 6 }),
    )
  }
})

test('refusals are listed once, those of operations and those of the gateway', () => {
  expect(new Set(refusalCodes).size).toBe(refusalCodes.length)
  expect(refusalCodes).toEqual(expect.arrayContaining([...gatewayRefusalCodes]))
  for (const { refusals } of Object.values(operations)) {
    expect(refusalCodes).toEqual(expect.arrayContaining([...refusals]))
  }
})

test('an entry kind is the mark of one operation; both sales reserve', () => {
  const kinds = Object.values(operations).map(({ entry }) => entry.kind)
  expect(kinds.filter((kind) => kind !== 'reserve')).toHaveLength(new Set(kinds).size - 1)
})

test('operations that answer alike share one result', () => {
  const kinds = OperationResult.options.map(({ shape }) => shape.kind.value)
  expect(new Set(kinds).size).toBe(kinds.length)
})
