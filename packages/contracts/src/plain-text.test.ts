import { expect, test } from '@jest/globals'
import {
  hiddenCharacter,
  hiddenInLine,
  plainLinePattern,
  plainTextPattern,
  WrittenReason,
} from './plain-text.ts'

const codes = Array.from({ length: 0x3000 }, (_, code) => code)
const within = (code: number, ranges: readonly (readonly [number, number])[]) =>
  ranges.some(([from, to]) => from <= code && code <= to)

test('a hidden character is a control other than tab and line break, or changes the direction of writing', () => {
  const controls = [
    [0x00, 0x08],
    [0x0b, 0x0c],
    [0x0e, 0x1f],
    [0x7f, 0x9f],
  ] as const
  const directions = [
    [0x061c, 0x061c],
    [0x200e, 0x200f],
    [0x202a, 0x202e],
    [0x2066, 0x2069],
  ] as const
  const text = new RegExp(plainTextPattern)
  const line = new RegExp(plainLinePattern)
  for (const code of codes) {
    const read = `a${String.fromCharCode(code)}b`
    const isHidden = within(code, [...controls, ...directions])
    const isHiddenInLine = isHidden || [0x09, 0x0a, 0x0d].includes(code)
    expect([code, hiddenCharacter.test(read), hiddenInLine.test(read)]).toEqual([
      code,
      isHidden,
      isHiddenInLine,
    ])
    expect([code, text.test(read), line.test(read)]).toEqual([code, !isHidden, !isHiddenInLine])
  }
})

test('a reason that an operator writes may have line breaks, and nothing that no reader sees', () => {
  expect(WrittenReason.parse('seen with\nthe carrier')).toBe('seen with\nthe carrier')
  for (const hidden of ['\u001b[2J', '\u202e', '\u0085']) {
    expect(WrittenReason.safeParse(`seen ${hidden} twice`).success).toBe(false)
  }
})
