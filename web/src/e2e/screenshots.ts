import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { mintToken } from '../../../apps/stack/src/mint-token.ts'
import { cashier, seed, shownMerchant } from '../../../apps/stack/src/seed.ts'
import { openTestStack, type TestStack } from '../../../lab/src/e2e/test-stack.ts'
import { createPos, tokenFor } from '../../../lab/src/till/pos.ts'
import { expectStatus } from '../../../lab/src/till/shop.ts'
import { describeInChromium, launch, openPage } from './browser.ts'
import { charge, goTo, says } from './on-screen.ts'

const bytesMax = 150_000
const phone = { width: 390, height: 844 }
const desk = { width: 1_000, height: 760 }
/** The carrier never tells what became of a sale to this number. */
const neverAnswered = '3110002222'
const sales = [
  ['Tigo', '78945612', 20],
  ['Entel', '71234567', 10],
  ['Viva', '70122334', 15],
  ['Tigo', '76543210', 50],
  ['Tigo', '77001122', 10],
  ['Entel', '72211009', 30],
  ['Viva', '79988776', 20],
  ['Tigo', '75544332', 100],
] as const

/** Makes the pictures of the documents: `npm run screenshots`. */
describeInChromium('The pictures of the screen', () => {
  let stack: TestStack
  let browser: Browser

  beforeAll(async () => {
    ;[stack, browser] = await Promise.all([openTestStack('pictures'), launch()])
    const { url, jwtSecret } = stack.gateway
    const sessions = await seed(url(), jwtSecret)
    const holder = { user: cashier, role: 'Operador', merchant: shownMerchant } as const
    const pos = createPos(url, tokenFor(jwtSecret, holder))
    const id_caja_sesion = sessions[shownMerchant]
    for (const [operadora, numero_cliente, monto] of sales) {
      const body = { operadora, numero_cliente, monto, id_caja_sesion }
      await expectStatus(201, pos.post('/recargas/cliente', body))
    }
    const unclear = { operadora: 'Tigo', numero_cliente: neverAnswered, monto: 10, id_caja_sesion }
    await expectStatus(202, pos.post('/recargas/cliente', unclear, { prefer: 'wait=0' }))
  }, 120_000)
  afterAll(async () => {
    await browser.close()
    await stack.close()
  }, 60_000)

  const open = async (role: 'Administrador' | 'Operador', viewport: typeof phone) => {
    const userId = role === 'Operador' ? cashier : 1
    const holder = { userId, role, merchant: shownMerchant }
    const context = await browser.newContext({ viewport, timezoneId: 'America/La_Paz' })
    const token = mintToken(stack.gateway.jwtSecret, holder)
    return (await openPage(context, stack.gateway.url(), token)).page
  }
  const keep = async (page: Page, name: string) => {
    const path = fileURLToPath(new URL(`../../../docs/images/${name}.png`, import.meta.url))
    await page.screenshot({ path, animations: 'disabled' })
    expect(statSync(path).size).toBeLessThan(bytesMax)
  }

  it('Vender, with a sale made and the next one typed', async () => {
    const page = await open('Operador', phone)
    await page.getByRole('radio', { name: 'Entel' }).check()
    await page.getByRole('textbox', { name: 'Número' }).fill('71239876')
    await page.getByRole('textbox', { name: 'Monto' }).fill('20')
    await charge(page)
    await says(page, 'Vendida')
    await page.getByRole('radio', { name: 'Tigo' }).check()
    await page.getByRole('textbox', { name: 'Número' }).fill('71234567')
    await page.getByRole('textbox', { name: 'Monto' }).fill('10')
    await page.getByText('La última recarga fue de Entel.').waitFor()
    await keep(page, 'vender')
  }, 60_000)

  it('Mi caja, with what is pending', async () => {
    const page = await open('Operador', phone)
    await goTo(page, 'Mi caja')
    await page.getByText(/abierta a las/).waitFor()
    await page.getByRole('list', { name: 'Pendientes' }).getByText('Tigo').waitFor()
    await keep(page, 'mi-caja')
  }, 60_000)

  it('Hoy', async () => {
    const page = await open('Administrador', desk)
    await goTo(page, 'Hoy')
    await page.getByRole('heading', { name: 'Por hora' }).waitFor()
    await keep(page, 'hoy')
  }, 60_000)

  it('Operación', async () => {
    const page = await open('Administrador', desk)
    await goTo(page, 'Operación')
    await page.getByText('1 de 1 instancias').nth(2).waitFor()
    await page.getByText('cerrado: se vende').first().waitFor()
    await keep(page, 'operacion')
  }, 60_000)
})
