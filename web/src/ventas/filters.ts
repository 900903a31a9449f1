import { readNumber } from '../vender/order.ts'
import type { HistoryQuery } from '../vender/reads.ts'

export const states = ['AUTORIZADA', 'PENDIENTE', 'EN_REVISION', 'RECHAZADA'] as const
export type State = (typeof states)[number]

/** The form before it is filled in. */
export const noFilters = { from: '', to: '', state: '', operator: '', session: '', number: '' }
export type FilterForm = Readonly<typeof noFilters>

/** The filters as the API takes them; days are the shop's own. */
export type Filters = Readonly<Omit<HistoryQuery, 'cursor' | 'fecha' | 'limit'>>

export type FilterFault = 'period' | 'session' | 'number'

/** @returns the filters that were filled in, or the first field that is wrong */
export const readFilters = (form: FilterForm): Filters | { readonly fault: FilterFault } => {
  const session = form.session.trim()
  const number = readNumber(form.number)
  const state = states.find((each) => each === form.state)
  if (form.from !== '' && form.to !== '' && form.from > form.to) return { fault: 'period' }
  if (session !== '' && !/^[1-9]\d{0,14}$/.test(session)) return { fault: 'session' }
  if (number !== '' && !/^\+?\d{1,20}$/.test(number)) return { fault: 'number' }
  return {
    ...(form.from === '' ? {} : { desde: form.from }),
    ...(form.to === '' ? {} : { hasta: form.to }),
    ...(state === undefined ? {} : { estado: state }),
    ...(form.operator === '' ? {} : { operadora: form.operator }),
    ...(session === '' ? {} : { id_caja_sesion: Number(session) }),
    ...(number === '' ? {} : { numero: number }),
  }
}
