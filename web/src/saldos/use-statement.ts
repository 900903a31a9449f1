import { useSignal } from '@preact/signals'
import { saveFile } from '../api/sheets.ts'
import { useRequest, type Request } from '../api/use-request.ts'
import { readSheet, readStatement } from './reads.ts'
import { withPage, type Period, type Statement } from './statement.ts'
import { words } from './words.ts'

/** The statement that was asked for, page by page, and its sheet. */
export const useStatement = () => {
  const statement = useSignal<Statement | null>(null)
  const { fault, isUnderWay, make } = useRequest()
  const guarded = (operator: string, { from, to }: Period, work: Request) =>
    make(() => {
      if (operator === '') return words.value.operatorMissing
      return from !== '' && to !== '' && from > to ? words.value.periodWrong : work()
    })
  const read = (before: Statement | null, operator: string, period: Period) =>
    guarded(operator, period, async () => {
      const page = await readStatement(operator, period, before?.next ?? null)
      statement.value = withPage(before, { operator, period }, page)
      return undefined
    })
  return {
    statement: statement.value,
    fault: fault.value,
    isReading: isUnderWay.value,
    show: (operator: string, period: Period) => read(null, operator, period),
    more: async () => {
      const before = statement.value
      if (before !== null) await read(before, before.operator, before.period)
    },
    save: (operator: string, period: Period) =>
      guarded(operator, period, async () =>
        saveFile(`extracto-${operator}.csv`, await readSheet(operator, period)),
      ),
  }
}
