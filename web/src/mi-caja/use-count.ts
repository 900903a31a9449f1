import { useSignal } from '@preact/signals'
import type { Shop } from '../api/shop.ts'
import { amountOf } from '../language/format.ts'
import type { Command } from './command.ts'
import { readCount, sumOf, type Counted, type CountTexts } from './count.ts'
import { pressDrawer, refusalOf } from './drawer.ts'
import { useDialogFields } from './modal.tsx'
import { userIdOf } from './open-form.tsx'
import type { Report } from './reads.ts'
import { words } from './words.ts'

export type CountProps = {
  readonly report: Report
  readonly merchant: Shop
  readonly isHandOver: boolean
  readonly close: () => void
}

type Form = {
  readonly texts: CountTexts
  readonly reason: string
  /** The user who takes the caja over. */
  readonly next: string
  readonly isPendingAccepted: boolean
}

const empty: Form = { texts: {}, reason: '', next: '', isPendingAccepted: false }

/** The command of a filled form. */
const commandOf = (
  form: Form,
  counted: readonly Counted[],
  sessionId: number,
  isHandOver: boolean,
): Command => {
  const reason = form.reason.trim()
  const body = {
    monto_final_real: amountOf(sumOf(counted)),
    denominaciones: [...counted],
    ...(reason === '' ? {} : { motivo_diferencia: reason }),
    ...(form.isPendingAccepted ? { aceptar_pendientes: true } : {}),
  }
  if (!isHandOver) return { kind: 'close', sessionId, body }
  const next = { id_usuario_siguiente: userIdOf(form.next.trim()) }
  return { kind: 'hand-over', sessionId, body: { ...body, ...next } }
}

/** The state of the count: it stays where the gateway asks for a reason or a consent, and the next press has a key of its own. */
export const useCount = ({ report, merchant, isHandOver, close }: CountProps) => {
  const name = `count ${report.sesion.id} ${isHandOver}`
  const { form, ...fields } = useDialogFields(name, empty, close)
  const isPendingAsked = useSignal(report.pendientes.cantidad > 0)
  const counted = readCount(merchant.denominaciones, form.texts)
  const submit = async () => {
    if (counted === null) return words.value.countWrong
    if (isHandOver && form.next.trim() === '') return words.value.nextMissing
    const outcome = await pressDrawer(commandOf(form, counted, report.sesion.id, isHandOver))
    const code = outcome.kind === 'refused' ? outcome.failure.code : null
    if (code === 'SESSION_HAS_PENDING') isPendingAsked.value = true
    if (code === 'COUNT_NEEDS_REASON') document.getElementById('reason')?.focus()
    return refusalOf(outcome)
  }
  return { ...fields, form, isPendingAsked: isPendingAsked.value, counted, submit }
}
