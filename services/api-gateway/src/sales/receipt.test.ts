import { describe, expect, it } from '@jest/globals'
import type { TopupView } from '@recargas/contracts'
import { aBundle, aDecision, aTopup } from '../testing/samples.ts'
import { receiptBytes, receiptPage, receiptPolicy, receiptText } from './receipt-formats.ts'
import { receiptOf, type ReceiptSettings } from './receipt.ts'

const settings: ReceiptSettings = {
  shopName: 'Tienda Ñandú',
  timeZone: 'America/La_Paz',
  masksNumber: false,
}
const printed = (changes: Partial<TopupView> = {}, other: Partial<ReceiptSettings> = {}) =>
  receiptOf(aTopup(changes), { ...settings, ...other })
const rowOf = (receipt: ReturnType<typeof printed>, label: string): string | undefined =>
  receipt.rows.find(([name]) => name === label)?.[1]

const attempt = {
  attempt: 1,
  startedAt: '2026-01-05T12:00:00.100Z',
  observed: '200 authorized',
  reference: 'TX-4711',
}

describe('a receipt', () => {
  it('names shop, local time, operator, number, amount, sale and the carrier’s authorization', () => {
    const receipt = printed({ attempts: [attempt], bundle: aBundle })
    expect(receipt).toMatchObject({ shop: 'Tienda Ñandú', title: 'Recibo de paquete', mark: null })
    expect(Object.fromEntries(receipt.rows)).toEqual({
      Fecha: '05/01/2026 08:00:00',
      Operadora: 'Tigo',
      Paquete: '200 minutos',
      Número: '78945612',
      Monto: 'Bs. 10.50',
      Venta: '7',
      Autorización: 'TX-4711',
      Transacción: aTopup().topupId,
    })
  })

  it('shows two digits of the number where the shop says so', () => {
    expect(rowOf(printed({}, { masksNumber: true }), 'Número')).toBe('******12')
  })

  it('names the code of a sale that a person carried out, and none of one without a final decision', () => {
    const decision = aDecision({ result: 'authorized', evidence: '0041873' })
    expect(rowOf(printed({ decision: { ...decision, isFinal: true } }), 'Autorización')).toBe(
      '0041873',
    )
    expect(rowOf(printed({ decision }), 'Autorización')).toBeUndefined()
    expect(rowOf(printed({ state: 'reserved', attempts: [attempt] }), 'Autorización')).toBe(
      undefined,
    )
  })

  it.each([
    ['reserved', 'PENDIENTE', 'todavía no respondió'],
    ['in-review', 'PENDIENTE', 'está en revisión'],
    ['released', 'NO VENDIDA', 'La operadora rechazó la recarga. No se vendió'],
  ] as const)('of a sale that is %s says %s in large letters', (state, mark, note) => {
    const receipt = printed({ state })
    expect(receipt).toMatchObject({ mark, note: expect.stringContaining(note) })
    expect(receiptText(receipt, 80)).toContain(Array.from(mark).join(' '))
    expect(receiptBytes(receipt, 80).toString('latin1')).toContain(`\x1d!\x11`)
    expect(receiptPage(receipt)).toContain(`<strong>${mark}</strong>`)
  })

  it('fits its paper', () => {
    for (const [width, letters] of [
      [58, 32],
      [80, 48],
    ] as const) {
      const lines = receiptText(printed(), width).split('\n')
      expect(Math.max(...lines.map((line) => line.trimEnd().length))).toBe(letters)
      expect(lines.some((line) => /^Operadora +Tigo$/.test(line.trimEnd()))).toBe(true)
      expect(lines.join('')).toContain('Bs. 10.50')
    }
  })

  it('is bytes for a printer: it begins with a reset, enlarges the name and cuts the paper', () => {
    const bytes = receiptBytes(printed(), 58).toString('latin1')
    expect(bytes.startsWith('\x1b@')).toBe(true)
    expect(bytes).toContain('Bs. 10.50')
    expect(bytes).toContain('\x1dVB\x00')
  })

  it('prints a name as it is written, whatever a page or a printer would make of it', () => {
    const shopName = '</script><script>alert("1")</script> {command:\\x1b@} ^^^|~_`\x1b@\u202e'
    const receipt = printed({}, { shopName })
    expect(receipt.shop).toBe('</script><script>alert("1")</script> {command:\\x1b@} ^^^|~_` @')
    expect(receiptPage(receipt)).not.toContain('<script>')
    expect(receiptText(receipt, 80).replaceAll(/\s/g, '')).toContain(
      receipt.shop.replaceAll(/\s/g, ''),
    )
    const bytes = receiptBytes(receipt, 80).toString('latin1')
    expect(bytes.split('\x1b@')).toHaveLength(2)
  })

  it('allows its page no script, and no style but its own', () => {
    expect(receiptPolicy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+';/)
    expect(receiptPage(printed())).not.toMatch(/<script|style="|https?:/)
  })
})
