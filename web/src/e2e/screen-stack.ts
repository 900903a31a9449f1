import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { openTestStack, type TestStack } from '../../../lab/src/e2e/test-stack.ts'
import { tokenFor } from '../../../lab/src/till/pos.ts'
import { eventually, openShop, type Shop } from '../../../lab/src/till/shop.ts'
import { launch, openPage, smallPhone, unexpectedOf, type WatchedPage } from './browser.ts'

type Holder = { readonly user: number; readonly role: 'Administrador' | 'Operador' }

/** A sale without a clear answer stays pending: its review would change a day's sums amid the tests. */
const env = { adapter: { TOPUP_REPEAT_SECONDS: 'never' } }

/** One stack, browser and shop for the tests of a file; each test has a browser profile of its own, on a small phone. */
export type ScreenStack = {
  readonly stack: () => TestStack
  readonly shop: () => Shop
  readonly context: () => BrowserContext
  /** Opens the screen as the shop's cashier. */
  readonly openTab: () => Promise<Page>
  readonly openAs: (holder: Holder) => Promise<Page>
  readonly openWith: (token: string) => Promise<Page>
  /** Names errors of the console that the test causes; any other one fails it. */
  readonly expectErrors: (...patterns: readonly RegExp[]) => void
}

export const useScreenStack = (name: string): ScreenStack => {
  let started: { stack: TestStack; browser: Browser; shop: Shop } | null = null
  let context: BrowserContext | null = null
  let opened: WatchedPage[] = []
  let expected: readonly RegExp[] = []
  const running = () => {
    if (started === null) throw new Error('the stack is not started')
    return started
  }

  beforeAll(async () => {
    const [stack, browser] = await Promise.all([openTestStack(name, { env }), launch()])
    const shop = await openShop(stack.gateway, { float: 400 })
    started = { stack, browser, shop }
    // The first read of a new stack may be answered 503 while its projections catch up.
    await eventually(shop.float, ({ available }) => available === '400.00')
  }, 120_000)
  beforeEach(async () => {
    context = await running().browser.newContext({
      viewport: smallPhone,
      // The shop's clock counts, not that of the device.
      timezoneId: 'Asia/Tokyo',
    })
    opened = []
    expected = []
  })
  afterEach(async () => {
    await context?.close()
    const faults = opened.flatMap((each) => each.faults)
    expect(unexpectedOf(faults, expected)).toEqual([])
  })
  afterAll(async () => {
    await running().browser.close()
    const proof = await running().stack.close()
    expect(proof).toMatchObject({ findings: [], debitedTwice: 0, carrierDebits: proof.commits })
  }, 60_000)

  const profile = () => {
    if (context === null) throw new Error('outside a test')
    return context
  }
  const openWith = async (token: string) => {
    const watched = await openPage(profile(), running().stack.gateway.url(), token)
    opened.push(watched)
    return watched.page
  }
  return {
    stack: () => running().stack,
    shop: () => running().shop,
    context: profile,
    openTab: () => openWith(running().shop.token),
    openAs: (holder) => openWith(tokenFor(running().stack.gateway.jwtSecret, holder)),
    openWith,
    expectErrors: (...patterns) => (expected = patterns),
  }
}
