import type { components } from '@recargas/client'

export type Attempt = components['schemas']['Intento']
export type Step = components['schemas']['PasoDeRecarga']
type Sale = Pick<
  components['schemas']['RecargaClienteAuditada'],
  'fecha_hora' | 'intentos' | 'historia'
>

/** All that happened to a sale, oldest first. Lists leave the history out: there the attempts tell it. */
export const stepsOf = ({ fecha_hora, intentos, historia }: Sale): readonly Step[] =>
  historia ?? [
    { fecha: fecha_hora, paso: 'SOLICITADA', usuario: null },
    ...intentos.map((intento) => ({
      fecha: intento.inicio,
      paso: 'INTENTO' as const,
      usuario: null,
      intento,
    })),
  ]

/** The carrier's answer to one call, as it was noted: a status, its words and its codes. */
export const answerOf = (attempt: Attempt): string => {
  const { observado, http, estado_operador: status, codigo_resultado: code } = attempt
  const told = [http === null ? null : `HTTP ${http}`, status, code]
  // The observed text often names status and codes already.
  const further = told.filter(
    (each) => each !== null && !observado.includes(each.replace('HTTP ', '')),
  )
  return [observado, ...further].join(' · ')
}
