import { existsSync } from 'node:fs'
import { describe } from '@jest/globals'
import axe from 'axe-core'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'

/** Debian's package; .ci/run installs it where it is missing. */
const executablePath = '/usr/bin/chromium'

/** Without a browser the tests are counted as skipped, under their names. */
export const describeInChromium = existsSync(executablePath) ? describe : describe.skip

/** The narrowest phone that the screens are for. */
export const smallPhone = { width: 360, height: 740 }

/** A browser that asks no host but the pages' own. */
export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })

/** A page that notes each error of its console and each request to another host. */
export type WatchedPage = { readonly page: Page; readonly faults: readonly string[] }

export const openPage = async (
  context: BrowserContext,
  gatewayUrl: string,
  token: string,
): Promise<WatchedPage> => {
  const page = await context.newPage()
  const faults: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text())
  })
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('request', (request) => {
    if (!request.url().startsWith(gatewayUrl)) faults.push(`asked ${request.url()}`)
  })
  await page.goto(`${gatewayUrl}/tienda#token=${token}`)
  return { page, faults }
}

/** Faults that a test did not name. Chromium writes an error for each answer of 400 and above, and for each lost request. */
export const unexpectedOf = (
  faults: readonly string[],
  expected: readonly RegExp[],
): readonly string[] => faults.filter((fault) => !expected.some((each) => each.test(fault)))

/** @returns the rules of axe-core that the page breaks, with the elements */
export const violationsOn = async (page: Page): Promise<readonly string[]> => {
  // The rules stay in the page until it is loaded again.
  if (await page.evaluate<boolean>('window.axe === undefined')) await page.evaluate(axe.source)
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run()')
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  )
}

/** True where the page has to be scrolled sideways, which it must not on the narrowest phone. */
export const isScrolledSideways = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')

const frameTimeoutMs = 5_000

/**
 * Scrolls frame by frame to the end of the page.
 * @param isWhole an expression that is true once the end of the page is the end of its list
 * @returns false when the browser drew no frame for five seconds although the page was idle: its timer came
 */
export const scrollToEnd = (page: Page, isWhole: string): Promise<boolean> =>
  page.evaluate(`(async () => {
    const nextFrame = () => new Promise((resolve) => {
      requestAnimationFrame(() => resolve(true))
      setTimeout(() => resolve(false), ${frameTimeoutMs})
    })
    const isEnd = () => scrollY + innerHeight >= document.documentElement.scrollHeight - 5
    while (!(${isWhole} && isEnd())) {
      scrollBy(0, 1500)
      if (!(await nextFrame())) return false
    }
    return true
  })()`)

type TraceEvent = {
  readonly name: string
  readonly pid: number
  readonly tid: number
  readonly args?: { readonly name?: string }
  /** Processor time, in microseconds: a busy machine does not lengthen it. */
  readonly tdur?: number
}

/**
 * The longest task of a page's main thread while something is done, in milliseconds of processor time.
 * @returns null when it was not done
 */
export const longestTaskDuring = async (
  browser: Browser,
  page: Page,
  work: () => Promise<boolean>,
): Promise<number | null> => {
  const categories = ['toplevel', '__metadata']
  await browser.startTracing(page, { categories })
  if (!(await work())) return null
  const trace = JSON.parse((await browser.stopTracing()).toString('utf8')) as {
    readonly traceEvents: readonly TraceEvent[]
  }
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid}:${tid}`
  const mains = new Set(
    trace.traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(threadOf),
  )
  const tasks = trace.traceEvents.filter((event) => mains.has(threadOf(event)))
  return Math.max(0, ...tasks.map(({ tdur = 0 }) => tdur)) / 1_000
}
