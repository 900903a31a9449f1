import { saveFile } from '../api/sheets.ts'
import { useRequest, type Request } from '../api/use-request.ts'
import { useFields } from '../forms/use-fields.ts'
import { readSheet as readShiftSheet } from '../mi-caja/reads.ts'
import { noFilters, readFilters, type Filters } from './filters.ts'
import { readSheet } from './reads.ts'
import { words } from './words.ts'

/** The state of the filters, and the sheets that they select. */
export const useFilter = (search: (filters: Filters) => void) => {
  const { form, clear, field } = useFields(noFilters)
  const { fault, isUnderWay, make } = useRequest()
  const read = (): Filters | null => {
    const filters = readFilters(form)
    fault.value = 'fault' in filters ? words.value[`${filters.fault}Wrong`] : ''
    return 'fault' in filters ? null : filters
  }
  const save = async (file: (filters: Filters) => ReturnType<Request>) => {
    const filters = read()
    if (filters !== null) await make(() => file(filters))
  }
  return {
    field,
    fault: fault.value,
    isSaving: isUnderWay.value,
    submit: () => {
      const filters = read()
      if (filters !== null) search(filters)
    },
    clear: () => {
      clear()
      fault.value = ''
      search({})
    },
    saveSales: () => save(async (filters) => saveFile('ventas.csv', await readSheet(filters))),
    saveShift: () =>
      save(async ({ id_caja_sesion: id }) =>
        id === undefined
          ? words.value.sessionMissing
          : saveFile(`arqueo-sesion-${id}.csv`, await readShiftSheet(id)),
      ),
  }
}
