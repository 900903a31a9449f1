import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { openTestStack, type TestStack } from '../../../lab/src/e2e/test-stack.ts'
import { createPos, tokenFor } from '../../../lab/src/till/pos.ts'
import {
  eventually,
  expectStatus,
  newNumber,
  openShop,
  type Shop,
} from '../../../lab/src/till/shop.ts'
import { describeInChromium, launch, openPage, violationsOn } from './browser.ts'

describeInChromium('A shift at a drawer, in Chromium', () => {
  let stack: TestStack
  let shop: Shop
  let browser: Browser

  beforeAll(async () => {
    ;[stack, browser] = await Promise.all([openTestStack('shift'), launch()])
    shop = await openShop(stack.gateway, { float: 100 })
  }, 120_000)
  afterAll(async () => {
    await browser.close()
    const proof = await stack.close()
    expect(proof).toMatchObject({ findings: [], debitedTwice: 0, carrierDebits: proof.commits })
  }, 60_000)

  const button = (page: Page, name: string) =>
    page.getByRole('button', { name, exact: true }).click()
  const spin = (page: Page, note: string) =>
    page.getByRole('spinbutton', { name: note, exact: true })
  const goTo = (page: Page, name: string) =>
    page.getByRole('navigation').getByRole('link', { name }).click()

  it('opens, sells, reports, moves cash once although the answer is lost, and closes with notes and a difference', async () => {
    const caja = { nombre: 'Caja del turno', especialidad: 'MIXTA', saldo: 200 }
    const made = await expectStatus(201, shop.administrator.post('/cajas', caja))
    const token = tokenFor(stack.gateway.jwtSecret, { user: 900, role: 'Operador' })
    const context = await browser.newContext({ viewport: { width: 360, height: 740 } })
    const { page, faults } = await openPage(context, stack.gateway.url(), token)

    await goTo(page, 'Mi caja')
    await page.getByRole('combobox', { name: 'Caja' }).selectOption('Caja del turno')
    await page.getByRole('textbox', { name: 'Efectivo contado' }).fill('200')
    expect(await violationsOn(page)).toEqual([])
    await button(page, 'Abrir caja')
    await page.getByText('Bs 200.00').waitFor()

    await goTo(page, 'Vender')
    await page.getByRole('radio', { name: 'Tigo' }).check()
    await page.getByRole('textbox', { name: 'Número' }).fill(newNumber())
    await page.getByRole('textbox', { name: 'Monto' }).fill('10.50')
    await button(page, 'Cobrar')
    await page.getByRole('status', { name: 'Resultado' }).getByText('Vendida').waitFor()

    await goTo(page, 'Mi caja')
    await page.getByText('Bs 210.50').waitFor()
    let movements = 0
    await page.route('**/cajas/movimiento', async (route) => {
      movements += 1
      if (movements === 1) await route.fetch()
      await (movements === 1 ? route.abort() : route.continue())
    })
    await button(page, 'Movimiento')
    await page.getByRole('radio', { name: 'Egreso' }).check()
    await page.getByRole('textbox', { name: 'Monto' }).fill('5')
    await page.getByRole('textbox', { name: 'Motivo' }).fill('bolsas')
    await button(page, 'Registrar')
    await page.getByText('No se sabe todavía').waitFor()
    await page.getByText('Hecho: Movimiento.').waitFor()
    await page.getByText('Bs 205.50').waitFor()

    await button(page, 'Informe X')
    await page.getByRole('heading', { name: 'Informe X' }).waitFor()
    await page.getByRole('row', { name: '— Tigo 1 Bs 10.50' }).waitFor()
    expect(await violationsOn(page)).toEqual([])

    const keys: string[] = []
    await page.route('**/cerrar', async (route) => {
      keys.push(route.request().headers()['idempotency-key'] ?? '')
      const refusal = { code: 'COUNT_NEEDS_REASON', message: 'Falta el motivo.' }
      await (keys.length === 1 ? route.fulfill({ status: 409, json: refusal }) : route.continue())
    })
    await button(page, 'Cerrar caja')
    await spin(page, '200').fill('1')
    await spin(page, '5').fill('1')
    await page.getByText('Bs 205.00').waitFor()
    expect(await violationsOn(page)).toEqual([])
    await button(page, 'Confirmar cierre')
    await page.getByText('Falta el motivo.').first().waitFor()
    await page.getByRole('textbox', { name: 'Motivo de la diferencia' }).fill('vuelto <b>mal</b>')
    await button(page, 'Confirmar cierre')
    const report = page.getByRole('region', { name: 'Informe Z' })
    await report.getByRole('heading', { name: 'Informe Z' }).waitFor()
    await report.getByText('vuelto <b>mal</b>').waitFor()
    await report.getByRole('row', { name: 'Diferencia Bs -0.50' }).waitFor()
    await report.getByRole('row', { name: '200 1 Bs 200.00' }).waitFor()
    expect([keys.length, new Set(keys).size, movements]).toEqual([2, 2, 2])
    expect(await violationsOn(page)).toEqual([])

    await page.reload()
    await report.getByText('vuelto').waitFor()
    await page.emulateMedia({ media: 'print' })
    expect(await page.getByRole('button').count()).toBe(0)
    const kept = await shop.administrator.get(`/cajas/${Number(made.body['id'])}`)
    expect([kept.body['saldo'], faults]).toEqual(['205.00', []])
    await context.close()
  }, 60_000)

  it('shows the owner the day as it goes on, and its last figures offline', async () => {
    const token = tokenFor(stack.gateway.jwtSecret, { user: 1, role: 'Administrador' })
    const context = await browser.newContext({ viewport: { width: 360, height: 740 } })
    const { page, faults } = await openPage(context, stack.gateway.url(), token)
    const sold = async () => {
      const { body } = await shop.administrator.get(`/dias/${await dayShown()}`)
      return (body['vendidas'] as { readonly cantidad: number }).cantidad
    }
    const dayShown = async () =>
      (await page.getByText(/^\d{4}-\d{2}-\d{2}, hora de/).innerText()).slice(0, 10)
    const figure = (count: number) =>
      page
        .getByRole('region', { name: 'Ventas de hoy' })
        .getByText(String(count), { exact: true })
        .first()

    await goTo(page, 'Hoy')
    await page.getByRole('heading', { name: 'Por hora' }).waitFor()
    const before = await sold()
    await expectStatus(201, shop.sell(newNumber(), 0.3))
    await figure(before + 1).waitFor()
    await page.getByRole('list', { name: 'Sesiones abiertas' }).getByText('Sesión n.º').waitFor()
    await page.getByRole('list', { name: 'Saldos con las operadoras' }).getByText('Tigo').waitFor()
    expect(await violationsOn(page)).toEqual([])
    await context.setOffline(true)
    await page.getByText(/^Datos de las/).waitFor()
    await figure(before + 1).waitFor()
    expect(faults).toEqual([])
    await context.close()
  }, 60_000)

  it('hands a caja over, and closes the day once all its sessions are closed', async () => {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 } })
    const cashier = await openPage(context, stack.gateway.url(), shop.token)
    await goTo(cashier.page, 'Mi caja')
    await button(cashier.page, 'Entregar caja')
    await spin(cashier.page, '200').fill('2')
    await cashier.page.getByRole('textbox', { name: 'Usuario que recibe la caja' }).fill('901')
    await button(cashier.page, 'Confirmar entrega')
    await cashier.page.getByRole('heading', { name: 'Informe Z' }).waitFor()

    const token = tokenFor(stack.gateway.jwtSecret, { user: 1, role: 'Administrador' })
    const owner = await openPage(await browser.newContext(), stack.gateway.url(), token)
    await goTo(owner.page, 'Cierre del día')
    await owner.page.getByText('Todavía no hay cierres.').waitFor()
    const date = owner.page.getByLabel('Fecha')
    await eventually(
      () => date.inputValue(),
      (offered) => /^\d{4}-\d{2}-\d{2}$/.test(offered),
    )
    expect(await violationsOn(owner.page)).toEqual([])
    await button(owner.page, 'Cerrar el día')
    await owner.page.locator('#date-fault').getByText('sesi').waitFor()

    const next = createPos(
      stack.gateway.url,
      tokenFor(stack.gateway.jwtSecret, { user: 901, role: 'Operador' }),
    )
    const { body } = await expectStatus(200, next.get('/cajas/sesion-activa/901'))
    const count = { monto_final_real: 400 }
    await expectStatus(200, next.patch(`/cajas/sesion/${String(body['id'])}/cerrar`, count))
    await button(owner.page, 'Cerrar el día')
    const closings = owner.page.getByRole('list', { name: 'Cierres' })
    await closings.getByText('Cierre n.º 1').waitFor()
    await button(owner.page, 'Cerrar el día')
    expect(await closings.getByRole('listitem').count()).toBe(1)
    expect([cashier.faults, owner.faults]).toEqual([[], []])
  }, 60_000)
})
