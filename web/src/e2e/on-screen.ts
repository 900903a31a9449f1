import type { Page } from 'playwright-core'

/** Actions and places of the screen, by the names that stay. */

export const fill = async (page: Page, number: string, amount: string): Promise<void> => {
  await page.getByRole('radio', { name: 'Tigo' }).check()
  await page.getByRole('textbox', { name: 'Número' }).fill(number)
  await page.getByRole('textbox', { name: 'Monto' }).fill(amount)
}
export const charge = (page: Page): Promise<void> =>
  page.getByRole('button', { name: 'Cobrar', exact: true }).click()
export const sell = async (page: Page, number: string, amount: string): Promise<void> => {
  await fill(page, number, amount)
  await charge(page)
}
export const result = (page: Page) => page.getByRole('status', { name: 'Resultado' })
export const says = (page: Page, text: string): Promise<void> =>
  result(page).getByText(text, { exact: true }).waitFor()
export const button = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click()
export const spin = (page: Page, note: string) =>
  page.getByRole('spinbutton', { name: note, exact: true })
export const goTo = (page: Page, name: string): Promise<void> =>
  page.getByRole('navigation').getByRole('link', { name, exact: true }).click()

/** Presses whose outcome this browser does not know. */
export const keptPresses = (page: Page): Promise<unknown> =>
  page.evaluate(`new Promise((resolve) => {
    const opening = indexedDB.open('recargas')
    opening.onsuccess = () => {
      const counting = opening.result.transaction('presses').objectStore('presses').count()
      counting.onsuccess = () => (opening.result.close(), resolve(counting.result))
    }
  })`)
