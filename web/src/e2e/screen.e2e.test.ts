import { describe } from '@jest/globals'
import { describeInChromium } from './browser.ts'
import { faultTests } from './faults.ts'
import { useScreenStack } from './screen-stack.ts'
import { sellingTests } from './selling.ts'
import { shiftTests } from './shift.ts'
import { signingInTests } from './signing-in.ts'

describeInChromium('The shop’s screen, in Chromium', () => {
  const screen = useScreenStack('screen')
  describe('Vender', () => sellingTests(screen))
  describe('on a bad day', () => faultTests(screen))
  describe('signing in', () => signingInTests(screen))
  describe('a shift', () => shiftTests(screen))
})
