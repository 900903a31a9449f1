import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { newNumber } from '../../../lab/src/till/shop.ts'
import { isScrolledSideways, violationsOn } from './browser.ts'
import {
  charge,
  fill,
  hold,
  keptPresses,
  loseFirst,
  refuse,
  result,
  says,
  sell,
  untilChargeable,
} from './on-screen.ts'
import type { ScreenStack } from './screen-stack.ts'

/** Vender: one press is one sale, whatever breaks. */
export const sellingTests = (screen: ScreenStack): void => {
  const pendings = (page: Page) => page.getByRole('list', { name: 'Pendientes' })

  it('sells, forgets the press, keeps the token out of the address, and breaks no rule of accessibility', async () => {
    const page = await screen.openTab()
    const number = newNumber()
    const before = Number(await screen.shop().drawer())
    await page.getByRole('status', { name: 'En vivo' }).waitFor()
    expect(page.url()).not.toContain('token')
    await sell(page, number, '10.50')
    await says(page, 'Vendida')
    await page.getByRole('button', { name: 'Comprobante' }).click()
    await page.getByRole('region', { name: 'Comprobante' }).getByText('10.50').waitFor()
    expect(Number(await screen.shop().drawer()) - before).toBeCloseTo(10.5)
    expect([await screen.stack().carrierCallsTo(number), await keptPresses(page)]).toEqual([1, 0])
    expect(await violationsOn(page)).toEqual([])
    expect(await isScrolledSideways(page)).toBe(false)
  }, 60_000)

  it('weighs at most 90 kB gzipped on first load, without the part that signs in', () => {
    const dist = new URL('../../dist/', import.meta.url)
    const read = (name: string) => readFileSync(new URL(name, dist))
    const named = [
      ...read('index.html')
        .toString()
        .matchAll(/(?:src|href)="\/tienda\/([^"]+)"/g),
    ]
    const loaded = ['index.html', 'sw.js', ...named.map(([, name = '']) => name)]
    const weight = loaded.reduce((sum, name) => sum + gzipSync(read(name)).length, 0)
    expect(loaded.filter((name) => /oidc/.test(name))).toEqual([])
    expect(weight).toBeGreaterThan(10_000)
    expect(weight).toBeLessThanOrEqual(90_000)
  })

  it('sells by keyboard alone, from a wrong number to the result', async () => {
    const page = await screen.openTab()
    await untilChargeable(page)
    await page.getByRole('radio', { name: 'Tigo' }).focus()
    await page.keyboard.press('Space')
    await page.keyboard.press('Tab')
    await page.keyboard.type('123')
    await page.keyboard.press('Enter')
    await page.getByText('No es un número de Tigo').waitFor()
    const number = newNumber()
    await page.keyboard.press('Control+A')
    await page.keyboard.type(number)
    await page.keyboard.press('Tab')
    await page.keyboard.type('5')
    await page.keyboard.press('Enter')
    await says(page, 'Vendida')
    expect(await screen.stack().carrierCallsTo(number)).toBe(1)
  }, 60_000)

  it('asks before an equal sale, sells none on Escape or "No" and one on "Sí, vender otra"', async () => {
    screen.expectErrors(/409/)
    const page = await screen.openTab()
    const number = newNumber()
    await sell(page, number, '3')
    await says(page, 'Vendida')
    const dialog = page.getByRole('dialog', { name: '¿Otra recarga igual?' })
    await sell(page, number, '3')
    await dialog.waitFor()
    expect(await violationsOn(page)).toEqual([])
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    expect(await result(page).innerText()).toBe('')
    expect(await page.evaluate('document.activeElement.id')).toBe('number')
    await sell(page, number, '3')
    await dialog.getByRole('button', { name: 'No', exact: true }).click()
    await dialog.waitFor({ state: 'hidden' })
    await sell(page, number, '3')
    await dialog.waitFor()
    await page.reload()
    await dialog.getByRole('button', { name: 'Sí, vender otra' }).click()
    await says(page, 'Vendida')
    expect([await screen.stack().carrierCallsTo(number), await keptPresses(page)]).toEqual([2, 0])
  }, 60_000)

  it('shows a pending sale, after a reload too, and asks the cashier to make one of the operator’s own phone', async () => {
    const advice = 'Véndala en el teléfono de la operadora, una sola vez,'
    const page = await screen.openTab()
    await sell(page, '3110002222', '7')
    await says(page, 'Pendiente')
    await page.reload()
    await says(page, 'Pendiente')
    await pendings(page).getByText('311 000 2222').waitFor()
    expect(await pendings(page).getByRole('listitem').count()).toBe(1)
    expect(await result(page).innerText()).not.toContain(advice)
    expect(await violationsOn(page)).toEqual([])

    await screen.context().route('**/operadoras', async (route) => {
      const response = await route.fetch()
      const operators = (await response.json()) as readonly object[]
      const json = operators.map((operator) => ({ ...operator, proveedor: 'manual' }))
      await route.fulfill({ response, json })
    })
    await page.reload()
    await result(page).getByText(advice).waitFor()
    await screen.context().unrouteAll({ behavior: 'wait' })
  }, 60_000)

  it('does not say that nothing is pending where that could not be read', async () => {
    screen.expectErrors(/503/)
    await refuse(screen.context(), '**/recargas/historial/clientes?estado=*', 503)
    const page = await screen.openTab()
    await page.getByRole('region', { name: 'Pendientes' }).getByText('Más tarde.').waitFor()
    expect(await page.getByText('No hay ventas pendientes.').count()).toBe(0)
    await screen.context().unrouteAll({ behavior: 'wait' })
  }, 60_000)

  it('sells once although the answer is lost', async () => {
    screen.expectErrors(/ERR_FAILED/)
    const page = await screen.openTab()
    const number = newNumber()
    const { goOn } = await loseFirst(page, '**/recargas/cliente', 'answer')
    goOn()
    await sell(page, number, '4')
    await says(page, 'Vendida')
    expect(await screen.stack().carrierCallsTo(number)).toBe(1)
  }, 60_000)

  it('goes on with a sale whose tab was closed in the middle of it', async () => {
    const page = await screen.openTab()
    const number = newNumber()
    await screen.stack().slowDown(number, 3_000)
    // The gateway takes the sale, and this tab never hears of it.
    const sent = new Promise<void>((resolve) => {
      void page.route('**/recargas/cliente', (route) => {
        void route.fetch().catch(() => undefined)
        resolve()
      })
    })
    await sell(page, number, '6')
    await sent
    await page.close()
    const next = await screen.openTab()
    await says(next, 'Vendida')
    expect([await screen.stack().carrierCallsTo(number), await keptPresses(next)]).toEqual([1, 0])
  }, 60_000)

  it('lets one tab charge at a time', async () => {
    const [one, other] = [await screen.openTab(), await screen.openTab()]
    const goOn = await hold(one, '**/recargas/cliente')
    await fill(other, newNumber(), '2')
    await sell(one, newNumber(), '2')
    await result(one).getByText('Cobrando').waitFor()
    const placeOfResult = () => one.evaluate("document.getElementById('result').offsetTop")
    const place = await placeOfResult()
    await charge(other)
    await says(other, 'Otra pestaña de este navegador está cobrando. Espere a que termine.')
    goOn()
    await says(one, 'Vendida')
    // The tab forgets the press before it lets another one charge.
    await untilChargeable(one)
    expect(await placeOfResult()).toBe(place)
    await charge(other)
    await says(other, 'Vendida')
  }, 60_000)

  it('keeps a press whose token was refused, and sells it after signing in again', async () => {
    screen.expectErrors(/401/)
    const page = await screen.openTab()
    const number = newNumber()
    await refuse(page, '**/recargas/cliente', 401)
    await sell(page, number, '8')
    await says(page, 'No se sabe todavía')
    await page.getByRole('heading', { name: 'Iniciar sesión' }).waitFor()
    expect([await screen.stack().carrierCallsTo(number), await keptPresses(page)]).toEqual([0, 1])
    expect(await violationsOn(page)).toEqual([])
    await page.unroute('**/recargas/cliente')
    await page.getByLabel('Código de acceso').fill(screen.shop().token)
    await page.getByRole('button', { name: 'Entrar' }).click()
    await says(page, 'Vendida')
    expect(await screen.stack().carrierCallsTo(number)).toBe(1)
  }, 60_000)

  it('takes a press amid which the lists of the form arrive', async () => {
    const context = screen.context()
    await context.route(/[?&]numero=/, (route) => route.fulfill({ json: [{ operadora: 'Entel' }] }))
    const lists = ['**/paquetes?*', '**/operadoras/saldos', '**/historial/clientes?*']
    const goOn = await hold(context, ...lists)
    const page = await screen.openTab()
    const bundlesArrive = page.waitForResponse('**/paquetes?*')
    const number = newNumber()
    const hintAsked = page.waitForRequest(/[?&]numero=/)
    await fill(page, number, '4')
    await hintAsked
    const cobrar = page.getByRole('button', { name: 'Cobrar', exact: true })
    await cobrar.hover()
    const place = await cobrar.boundingBox()
    await page.mouse.down()
    goOn()
    await page.getByText('La última recarga fue de Entel.').waitFor()
    await page.getByRole('radiogroup').getByText('Saldo').first().waitFor()
    await (await bundlesArrive).finished()
    await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))')
    expect(await cobrar.boundingBox()).toEqual(place)
    await page.mouse.up()
    await says(page, 'Vendida')
    expect(await screen.stack().carrierCallsTo(number)).toBe(1)
  }, 60_000)

  it('says when it is offline, and charges nothing then', async () => {
    screen.expectErrors(/ERR_INTERNET_DISCONNECTED|ERR_FAILED/)
    const page = await screen.openTab()
    await fill(page, newNumber(), '9')
    await pendings(page).getByText('311 000 2222').waitFor()
    await screen.context().setOffline(true)
    await page.getByRole('status', { name: 'Sin conexión' }).waitFor()
    expect(await page.getByRole('button', { name: 'Cobrar' }).isDisabled()).toBe(true)
    await page.getByText('Sin conexión: ahora no se puede cobrar.').waitFor()
    await pendings(page).getByText('311 000 2222').waitFor()
    await page.getByText(/^Datos de las/).waitFor()
    await screen.context().setOffline(false)
    await page.getByRole('status', { name: 'En vivo' }).waitFor()
    await charge(page)
    await says(page, 'Vendida')
  }, 60_000)
}
