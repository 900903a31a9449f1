import type { components } from '@recargas/client'

export type Operation = components['schemas']['Operacion']
type Group = NonNullable<Operation['cuarentena']>['grupos'][number]

/** The most that one request settles; the gateway takes the oldest. */
const settledMax = 100

/** A group as the person saw it: the request is refused where another number waits by then. */
export type SeenGroup = Pick<Group, 'causa' | 'tipo_mensaje' | 'cola' | 'cantidad'> & {
  /** Later arrivals are left. */
  readonly hasta: string
}

export const seenGroup = (
  { causa, tipo_mensaje, cola, cantidad }: Group,
  { en }: Pick<Operation, 'en'>,
): SeenGroup => ({ causa, tipo_mensaje, cola, cantidad, hasta: en })

/** Messages that a press would settle. */
export const sizeOf = ({ cantidad }: Pick<Group, 'cantidad'>): number =>
  Math.min(cantidad, settledMax)

export type Age = { readonly count: number; readonly unit: 's' | 'min' | 'h' | 'd' }

/** An age in its largest significant unit. */
export const ageOf = (seconds: number): Age => {
  if (seconds < 120) return { count: Math.max(0, Math.round(seconds)), unit: 's' }
  if (seconds < 7_200) return { count: Math.round(seconds / 60), unit: 'min' }
  if (seconds < 172_800) return { count: Math.round(seconds / 3_600), unit: 'h' }
  return { count: Math.round(seconds / 86_400), unit: 'd' }
}

/** Reasons of the parts of a service that need a person, and its own. */
export const reasonsOf = ({
  motivo,
  partes,
}: Operation['servicios'][number]): readonly string[] => [
  ...(motivo === null ? [] : [motivo]),
  ...partes.flatMap(({ nombre, lista, motivo: reason }) =>
    lista && reason === null ? [] : [`${nombre}: ${reason ?? '–'}`],
  ),
]
