import { useSignal } from '@preact/signals'
import { asFailure, sentenceOf } from '../api/answer.ts'
import { saveFile } from '../api/sheets.ts'
import { readSheet, readStatement } from './reads.ts'
import { withPage, type Period, type Statement } from './statement.ts'
import { words } from './words.ts'

/** The statement that was asked for, page by page, and its sheet. */
export const useStatement = () => {
  const statement = useSignal<Statement | null>(null)
  const fault = useSignal('')
  const isReading = useSignal(false)
  const guarded = async (operator: string, { from, to }: Period, work: () => Promise<void>) => {
    const say = words.value
    const isReversed = from !== '' && to !== '' && from > to
    fault.value = operator === '' ? say.operatorMissing : isReversed ? say.periodWrong : ''
    if (fault.value !== '' || isReading.value) return
    isReading.value = true
    try {
      await work()
    } catch (thrown) {
      fault.value = sentenceOf(asFailure(thrown))
    } finally {
      isReading.value = false
    }
  }
  const read = (before: Statement | null, operator: string, period: Period) =>
    guarded(operator, period, async () => {
      const page = await readStatement(operator, period, before?.next ?? null)
      statement.value = withPage(before, { operator, period }, page)
    })
  return {
    statement: statement.value,
    fault: fault.value,
    isReading: isReading.value,
    show: (operator: string, period: Period) => read(null, operator, period),
    more: async () => {
      const before = statement.value
      if (before !== null) await read(before, before.operator, before.period)
    },
    save: (operator: string, period: Period) =>
      guarded(operator, period, async () => {
        saveFile(`extracto-${operator}.csv`, await readSheet(operator, period))
      }),
  }
}
