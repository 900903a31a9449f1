import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from '@jest/globals'
import { median, rounded } from '../../../lab/src/runner/statistics.ts'
import { newNumber } from '../../../lab/src/till/shop.ts'
import { describeInChromium } from './browser.ts'
import { says, sell } from './on-screen.ts'
import { useScreenStack } from './screen-stack.ts'

const slowdown = 4
const loads = 5
const salesMeasured = 9
const interactiveMsMax = 1_500
const addedMsMax = 50

type Sale = { readonly tookMs: number; readonly apiMs: number }

/** Resolves with a value of the page as soon as it is there. */
const valueOf = (name: string): string =>
  `new Promise((resolve) => {
    const look = () => (window.${name} === undefined ? setTimeout(look, 4) : resolve(window.${name}))
    look()
  })`

/** From the start of the load until "Cobrar" takes a press. */
const watchReady = `{
  const look = () => {
    const charge = [...document.querySelectorAll('button')].find((each) => each.textContent === 'Cobrar')
    const isReady = charge?.getAttribute('aria-disabled') === 'false'
    const hasTiles = document.querySelector('input[name=operator]') !== null
    if (isReady && hasTiles) window.readyMs = performance.now()
    else setTimeout(look, 4)
  }
  look()
}`

/** From the press until the result is in the page, and the part of it that the API took. */
const watchSale = `{
  const status = document.querySelector('[role=status][aria-labelledby=result]')
  document.addEventListener('click', () => (window.pressedMs = performance.now()), true)
  new MutationObserver(() => {
    if (!status.textContent.includes('Vendida') || window.pressedMs === undefined) return
    const [api] = performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/recargas/cliente')).slice(-1)
    const tookMs = performance.now() - window.pressedMs
    window.sale = { tookMs, apiMs: api.responseEnd - api.startTime }
    window.pressedMs = undefined
  }).observe(status, { subtree: true, childList: true, characterData: true })
}`

/** Measures the screen: `npm run screen-figures` writes docs/figures/screen.json. */
describeInChromium('The figures of the screen', () => {
  const screen = useScreenStack('figures')
  const figures: Record<string, unknown> = {}
  afterAll(() => {
    const path = fileURLToPath(new URL('../../../docs/figures/screen.json', import.meta.url))
    writeFileSync(path, `${JSON.stringify(figures, null, 2)}\n`)
    process.stdout.write(`${JSON.stringify(figures)}\n`)
  })

  it('takes a press within 1.5 s of its address, with an empty cache and a quarter of the processor', async () => {
    const page = await screen.openTab()
    const devtools = await screen.context().newCDPSession(page)
    await devtools.send('Network.setCacheDisabled', { cacheDisabled: true })
    await devtools.send('Network.setBypassServiceWorker', { bypass: true })
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
    await page.addInitScript(watchReady)
    const readyMs: number[] = []
    for (let load = 0; load < loads; load += 1) {
      await page.reload()
      readyMs.push(Math.round(Number(await page.evaluate(valueOf('readyMs')))))
    }
    figures['interactive'] = {
      slowdown,
      readyMs,
      medianMs: median(readyMs),
      boundMs: interactiveMsMax,
    }
    expect(median(readyMs)).toBeLessThan(interactiveMsMax)
  }, 120_000)

  it('shows a result at most 50 ms after the API has told it', async () => {
    const page = await screen.openTab()
    await page.getByRole('radio', { name: 'Tigo' }).waitFor()
    await page.evaluate(watchSale)
    const added: number[] = []
    const api: number[] = []
    for (let sale = 0; sale < salesMeasured; sale += 1) {
      await page.evaluate('window.sale = undefined')
      await sell(page, newNumber(), '0.5')
      const { tookMs, apiMs } = await page.evaluate<Sale>(valueOf('sale'))
      added.push(rounded(tookMs - apiMs))
      api.push(rounded(apiMs))
    }
    await says(page, 'Vendida')
    figures['sale'] = {
      apiMs: api,
      addedMs: added,
      medianAddedMs: median(added),
      boundMs: addedMsMax,
    }
    expect(median(added)).toBeLessThanOrEqual(addedMsMax)
  }, 120_000)
})
