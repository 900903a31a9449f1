import { useSignal } from '@preact/signals'
import { saveFile } from '../api/sheets.ts'
import { useRequest } from '../api/use-request.ts'
import { readSheet as readShiftSheet } from '../mi-caja/reads.ts'
import { noFilters, readFilters, type FilterForm, type Filters } from './filters.ts'
import { readSheet } from './reads.ts'
import { words } from './words.ts'

/** The state of the filters, and the sheets that they select. */
export const useFilter = (search: (filters: Filters) => void) => {
  const form = useSignal(noFilters)
  const { fault, isUnderWay, make } = useRequest()
  const read = (): Filters | null => {
    const filters = readFilters(form.value)
    fault.value = 'fault' in filters ? words.value[`${filters.fault}Wrong`] : ''
    return 'fault' in filters ? null : filters
  }
  const save = async (file: (filters: Filters) => Promise<void>) => {
    const filters = read()
    if (filters !== null) await make(() => file(filters))
  }
  return {
    form: form.value,
    fault: fault.value,
    isSaving: isUnderWay.value,
    change: (changes: Partial<FilterForm>) => (form.value = { ...form.value, ...changes }),
    submit: () => {
      const filters = read()
      if (filters !== null) search(filters)
    },
    clear: () => {
      form.value = noFilters
      fault.value = ''
      search({})
    },
    saveSales: () => save(async (filters) => saveFile('ventas.csv', await readSheet(filters))),
    saveShift: () =>
      save(async ({ id_caja_sesion: id }) => {
        if (id === undefined) fault.value = words.value.sessionMissing
        else saveFile(`arqueo-sesion-${id}.csv`, await readShiftSheet(id))
      }),
  }
}
