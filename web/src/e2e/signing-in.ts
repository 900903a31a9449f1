import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { newNumber } from '../../../lab/src/till/shop.ts'
import { violationsOn } from './browser.ts'
import { audience, clientId, startIssuer, type Issuer } from './issuer.ts'
import { refuse } from './on-screen.ts'
import type { ScreenStack } from './screen-stack.ts'

/** Signing in at a real issuer, whose tokens a gateway of the same stack takes. */
export const signingInTests = (screen: ScreenStack): void => {
  let started: { readonly issuer: Issuer; readonly address: string } | null = null
  let strangers: string[] = []
  const running = () => {
    if (started === null) throw new Error('the issuer is not started')
    return started
  }
  const issuer = () => running().issuer
  const address = () => running().address

  beforeAll(async () => {
    const opened = await startIssuer()
    const gateway = await screen.stack().anotherGateway('gateway-oidc', {
      JWT_SECRET: '',
      JWT_JWKS_URI: `${opened.url}/jwks`,
      JWT_ISSUER: opened.url,
      JWT_AUDIENCE: audience,
      OIDC_ISSUER: opened.url,
      OIDC_CLIENT_ID: clientId,
    })
    opened.serve(gateway.url)
    await gateway.start()
    started = { issuer: opened, address: gateway.url }
  }, 60_000)
  afterEach(() => {
    const asked = strangers
    strangers = []
    expect(asked).toEqual([])
  })
  afterAll(() => started?.issuer.close())

  const openScreen = async () => {
    const page = await screen.context().newPage()
    // The issuer's own pages would ask for a font.
    await page.route('https://fonts.googleapis.com/**', (route) => route.abort())
    page.on('request', (request) => {
      const url = request.url()
      const isOwn = page.url().startsWith(address())
      if (isOwn && !url.startsWith(address()) && !url.startsWith(issuer().url)) strangers.push(url)
    })
    await page.goto(`${address()}/tienda`)
    return page
  }
  const start = (page: Page) => page.getByRole('button', { name: 'Continuar' }).click()
  const logIn = async (page: Page, account: string) => {
    await start(page)
    await page.getByPlaceholder('Enter any login').fill(account)
    await page.getByPlaceholder('and password').fill('any')
    await page.getByRole('button', { name: 'Sign-in' }).click()
    await page.getByRole('button', { name: 'Continue' }).click()
  }
  const says = (page: Page, text: string) =>
    page.getByRole('status', { name: 'Iniciar sesión' }).getByText(text).waitFor()

  it('takes a person’s role and name from the token, renews it before it ends, and ends the session there too', async () => {
    const page = await openScreen()
    await page.getByRole('button', { name: 'Continuar' }).waitFor()
    expect(await violationsOn(page)).toEqual([])
    const tokens = new Set<string>()
    page.on('request', (request) => {
      if (request.url().startsWith(`${address()}/operadoras`)) {
        tokens.add(request.headers()['authorization'] ?? '')
      }
    })
    await logIn(page, 'ana')
    await page.getByRole('link', { name: 'Hoy' }).waitFor()
    await page.getByText('Ana').waitFor()
    expect(page.url()).toBe(`${address()}/tienda`)
    expect(await page.evaluate('Object.keys(localStorage).concat(document.cookie)')).toEqual([''])
    const renewed = page.waitForResponse(`${issuer().url}/token`)
    await page.getByRole('radio', { name: 'Tigo' }).waitFor()
    expect((await renewed).status()).toBe(200)
    const [first] = tokens
    const again = page.waitForRequest(
      (request) =>
        request.url().startsWith(`${address()}/operadoras`) &&
        request.headers()['authorization'] !== first,
    )
    await page.waitForFunction(
      `'Bearer ' + sessionStorage.getItem('recargas.token') !== ${JSON.stringify(first)}`,
    )
    await page.reload()
    await again
    await page.getByRole('radio', { name: 'Tigo' }).waitFor()
    expect(tokens.size).toBe(2)
    expect(await page.getByRole('heading', { name: 'Iniciar sesión' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Salir' }).click()
    await page.waitForURL(`${issuer().url}/session/end**`)
    expect(await page.evaluate('document.title')).toContain('Logout')
  }, 60_000)

  it('keeps a typed sale through a new sign-in, where the issuer does not renew', async () => {
    const page = await openScreen()
    await logIn(page, 'no-renewal')
    const number = newNumber()
    await page.getByRole('radio', { name: 'Tigo' }).check()
    await page.getByRole('textbox', { name: 'Número' }).fill(number)
    await page.getByRole('textbox', { name: 'Monto' }).fill('12.50')
    await refuse(page, '**/recargas/historial/**', 401)
    await page.getByText('Su acceso venció.').waitFor()
    await page.unroute('**/recargas/historial/**')
    const redeemed = page.waitForResponse(`${issuer().url}/token`)
    await start(page)
    expect((await redeemed).status()).toBe(200)
    await page.getByRole('heading', { name: 'Iniciar sesión' }).waitFor({ state: 'detached' })
    expect(await page.getByRole('textbox', { name: 'Número' }).inputValue()).toBe(number)
    expect(await page.getByRole('textbox', { name: 'Monto' }).inputValue()).toBe('12.50')
    expect(await page.getByRole('radio', { name: 'Tigo' }).isChecked()).toBe(true)
  }, 60_000)

  it.each([
    ['no-role', 'Su cuenta no tiene un rol en este sistema.'],
    ['other-shop', 'Este sistema no acepta el acceso de su cuenta.'],
  ])(
    'signs nobody in with a token of %s',
    async (account, sentence) => {
      const page = await openScreen()
      await logIn(page, account)
      await says(page, sentence)
      expect(await page.getByRole('navigation').getByRole('link').count()).toBe(0)
      expect(await page.evaluate('Object.keys(sessionStorage)')).toEqual([])
    },
    60_000,
  )

  it('signs nobody in where the issuer says no, or does not answer', async () => {
    const page = await openScreen()
    await page.route(`${issuer().url}/.well-known/**`, (route) => route.abort())
    await start(page)
    await says(page, 'El servicio de cuentas no responde.')
    await page.unroute(`${issuer().url}/.well-known/**`)
    await start(page)
    await page.getByRole('link', { name: 'Cancel' }).click()
    await says(page, 'El servicio de cuentas no dio acceso.')
    expect(await violationsOn(page)).toEqual([])
  }, 60_000)

  it('takes no answer to a sign-in that this tab did not begin', async () => {
    const page = await openScreen()
    await page.goto(`${address()}/tienda?code=stolen&state=guessed`)
    await says(page, 'Esa respuesta no es de este inicio de sesión.')
    expect(page.url()).toBe(`${address()}/tienda`)
  }, 60_000)

  it.each(['nonce', 'verifier'])(
    'takes no answer to another %s',
    async (changed) => {
      const page = await openScreen()
      await page.addInitScript(`{
      const kept = JSON.parse(sessionStorage.getItem('recargas.sign-in'))
      if (kept !== null && location.search.includes('code=')) {
        const other = { ...kept, ${changed}: 'another-0123456789-0123456789-0123456789-01' }
        sessionStorage.setItem('recargas.sign-in', JSON.stringify(other))
      }
    }`)
      await logIn(page, 'ana')
      await says(page, 'El servicio de cuentas respondió algo que no vale.')
      expect(await page.evaluate('Object.keys(sessionStorage)')).toEqual([])
    },
    60_000,
  )
}
