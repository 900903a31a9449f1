import { computed, signal } from '@preact/signals'
import { locale } from './language.ts'

const symbols: Readonly<Record<string, string>> = { BOB: 'Bs', COP: '$' }

/** An amount as the gateway's own sentences write it: two decimals after a point. */
export const money = (amount: number | string, currency: string | null): string => {
  const text = typeof amount === 'number' ? amount.toFixed(2) : amount
  return currency === null ? text : `${symbols[currency] ?? currency} ${text}`
}

/** Groups of digits are easier to read back to a customer. */
export const phone = (number: string): string =>
  number.length <= 8
    ? number.replace(/^(\d+?)(\d{4})$/, '$1 $2')
    : number.replace(/^(\d{3})(\d{3})(\d+)$/, '$1 $2 $3')

/** The shop's own zone, once it is known: a device may be set to another one. */
export const timeZone = signal<string | null>(null)

const clock = computed(
  () =>
    new Intl.DateTimeFormat(locale.value, {
      hour: '2-digit',
      minute: '2-digit',
      ...(timeZone.value === null ? {} : { timeZone: timeZone.value }),
    }),
)

export const time = (at: string | number): string => clock.value.format(new Date(at))

const moments = new Map<string, Intl.DateTimeFormat>()

/** Date and time by the clock of a zone; by this device's where none is known. A format is made once: it costs more than its use. */
export const moment = (at: string | number, zone: string | null): string => {
  const name = `${locale.value} ${zone ?? ''}`
  const known = moments.get(name)
  const format =
    known ??
    new Intl.DateTimeFormat(locale.value, {
      dateStyle: 'short',
      timeStyle: 'short',
      ...(zone === null ? {} : { timeZone: zone }),
    })
  moments.set(name, format)
  return format.format(new Date(at))
}

const minorPerUnit = 100

/** Amounts are added up in minor units: binary floats would drift. */
export const minorOf = (amount: number | string): number =>
  Math.round(Number(amount) * minorPerUnit)

export const amountOf = (minor: number): number => minor / minorPerUnit
