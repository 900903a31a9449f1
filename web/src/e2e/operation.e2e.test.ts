import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { openTestStack, type TestStack } from '../../../lab/src/e2e/test-stack.ts'
import { publishTo } from '../../../lab/src/runner/broker.ts'
import { createPos, tokenFor } from '../../../lab/src/till/pos.ts'
import { eventually } from '../../../lab/src/till/shop.ts'
import {
  describeInChromium,
  launch,
  openPage,
  smallPhone,
  unexpectedOf,
  violationsOn,
} from './browser.ts'

const administrator = { user: 1, role: 'Administrador' } as const

describeInChromium('The operation of the installation, in Chromium', () => {
  let stack: TestStack
  let browser: Browser

  beforeAll(async () => {
    ;[stack, browser] = await Promise.all([openTestStack('operation'), launch()])
    const owner = createPos(stack.gateway.url, tokenFor(stack.gateway.jwtSecret, administrator))
    // The first read of a new stack may be answered 503 while its projections catch up.
    await eventually(
      () => owner.get('/recargas/operadoras/saldos'),
      ({ status }) => status === 200,
    )
  }, 120_000)
  afterAll(async () => {
    await browser.close()
    const proof = await stack.close()
    expect(proof.findings).toEqual([])
  }, 60_000)

  const openAs = (context: BrowserContext, scope: string) => {
    const token = tokenFor(stack.gateway.jwtSecret, { ...administrator, scope })
    return openPage(context, stack.gateway.url(), token)
  }
  const navigation = (page: Page) => page.getByRole('navigation').getByRole('link')
  /** Messages that no service can read. */
  const poison = (count: number) =>
    publishTo(
      stack.traces.amqpUrl,
      Array.from({ length: count }, () => ({
        queue: 'ledger.3.v1',
        body: Buffer.from('{"number":'),
        messageId: randomUUID(),
        type: 'RequestTopup.v1',
      })),
    )

  it('shows the state, and settles a group whose size the press names, at 360 px and in both languages', async () => {
    await poison(2)
    const context = await browser.newContext({ viewport: smallPhone })
    const owner = await openAs(context, 'openid')
    await owner.page.getByRole('link', { name: 'Hoy' }).waitFor()
    expect(await navigation(owner.page).allTextContents()).not.toContain('Operación')
    await owner.page.close()

    const { page, faults } = await openAs(context, 'openid operacion')
    await navigation(page).getByText('Operación').click()
    await page.getByRole('heading', { name: 'Operación' }).waitFor()
    await page
      .getByRole('list', { name: 'Servicios' })
      .getByText('1 de 1 instancias')
      .nth(2)
      .waitFor()
    await page.getByText('cerrado: se vende').first().waitFor()
    const group = page.getByRole('list', { name: 'Mensajes en cuarentena' })
    await group.getByText('ledger.3.v1: 2 mensajes').waitFor()
    expect(await violationsOn(page)).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)

    await group.getByRole('button', { name: /^Descartar 2 mensajes/ }).click()
    const dialog = page.getByRole('dialog', { name: 'Descartar 2 mensajes' })
    const confirm = dialog.getByRole('button', { name: 'Descartar 2 mensajes' })
    await confirm.click()
    await dialog.getByText('Escriba una nota').waitFor()
    expect(await violationsOn(page)).toEqual([])
    // One that comes after the person looked is left.
    await poison(1)
    await dialog.getByRole('textbox', { name: 'Nota' }).fill('un <script> de prueba los envió')
    await confirm.click()
    const outcome = page.getByRole('status', { name: 'Mensajes en cuarentena' })
    await outcome.getByText('Hecho: 2. Quedan 0.').waitFor()

    await page.getByRole('combobox').selectOption('en')
    await page.getByRole('heading', { name: 'Operation', exact: true }).waitFor()
    const replay = page.getByRole('button', { name: /^Replay 1 message/ })
    await replay.click()
    const again = page.getByRole('dialog', { name: 'Replay 1 message' })
    await again.getByRole('textbox', { name: 'Note' }).fill('tried once more')
    expect(await violationsOn(page)).toEqual([])
    await again.getByRole('button', { name: 'Replay 1 message' }).click()
    await page.getByText('Done: 1. Left: 0.').waitFor()
    await page
      .getByText(/^Partition \d+: proven to block \d+ at \d\d:\d\d$/)
      .first()
      .waitFor()
    expect(faults).toEqual([])
    await context.close()
  }, 60_000)

  it('fills a wall with nothing to press, and says when it is not live', async () => {
    const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } })
    const { page, faults } = await openAs(context, 'operacion')
    await navigation(page).getByText('Operación').click()
    await page.getByRole('link', { name: 'Modo pared' }).click()
    await page.getByRole('status', { name: 'En vivo' }).waitFor()
    await page.getByText(/\d+ bloques probados, a las/).waitFor()
    for (const role of ['button', 'link', 'combobox', 'textbox'] as const) {
      expect(await page.getByRole(role).count()).toBe(0)
    }
    const size =
      'const { scrollWidth, scrollHeight } = document.documentElement; [scrollWidth, scrollHeight]'
    expect(await page.evaluate(size)).toEqual([1920, 1080])
    expect(await violationsOn(page)).toEqual([])

    const asked = page.waitForResponse('**/operacion')
    expect((await asked).status()).toBe(200)
    await context.setOffline(true)
    await page.getByRole('status', { name: 'Sin conexión' }).waitFor()
    await page.getByText(/^Datos de las \d/).waitFor()
    await context.setOffline(false)
    await page.getByRole('status', { name: 'En vivo' }).waitFor()
    expect(unexpectedOf(faults, [/ERR_INTERNET_DISCONNECTED|ERR_FAILED/])).toEqual([])
    await context.close()
  }, 60_000)
})
