import { useSignal } from '@preact/signals'
import type { Shop } from '../api/shop.ts'
import { amountOf } from '../language/format.ts'
import { draftOf } from '../session/draft.ts'
import type { Command, Outcome } from './command.ts'
import { readCount, sumOf, type Counted, type CountTexts } from './count.ts'
import { outcomeText } from './notice.tsx'
import { userIdOf } from './open-form.tsx'
import type { Report } from './reads.ts'
import { words } from './words.ts'

export type CountProps = {
  readonly report: Report
  readonly merchant: Shop
  readonly isHandOver: boolean
  readonly press: (command: Command) => Promise<Outcome>
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
export const useCount = ({ report, merchant, isHandOver, press, close }: CountProps) => {
  const form = draftOf(`count ${report.sesion.id} ${isHandOver}`, empty)
  const fault = useSignal('')
  const isPendingAsked = useSignal(report.pendientes.cantidad > 0)
  const counted = readCount(merchant.denominaciones, form.value.texts)
  const submit = async () => {
    const say = words.value
    const isNextMissing = isHandOver && form.value.next.trim() === ''
    fault.value = counted === null ? say.countWrong : isNextMissing ? say.nextMissing : ''
    if (counted === null || isNextMissing) return
    const outcome = await press(commandOf(form.value, counted, report.sesion.id, isHandOver))
    if (outcome.kind !== 'refused') {
      leave()
      return
    }
    fault.value = outcomeText(outcome)
    if (outcome.failure.code === 'SESSION_HAS_PENDING') isPendingAsked.value = true
    if (outcome.failure.code === 'COUNT_NEEDS_REASON') document.getElementById('reason')?.focus()
  }
  const leave = () => {
    form.value = empty
    close()
  }
  return {
    form: form.value,
    fault: fault.value,
    isPendingAsked: isPendingAsked.value,
    counted,
    submit,
    leave,
    change: (changes: Partial<Form>) => (form.value = { ...form.value, ...changes }),
  }
}
