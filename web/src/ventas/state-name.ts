import type { State } from './filters.ts'
import { words } from './words.ts'

/** The name of a sale's state, as a person reads it. */
export const stateName = (state: State): string => {
  const say = words.value
  switch (state) {
    case 'AUTORIZADA':
      return say.sold
    case 'PENDIENTE':
      return say.pending
    case 'EN_REVISION':
      return say.inReview
    case 'RECHAZADA':
      return say.refused
  }
}
