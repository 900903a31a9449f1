import type { TopupState } from '@recargas/contracts'

/** The POS's words for where a sale stands. */
export const stateWords = {
  reserved: 'PENDIENTE',
  'in-review': 'EN_REVISION',
  committed: 'AUTORIZADA',
  released: 'RECHAZADA',
} as const satisfies Record<TopupState, string>
export type StateWord = (typeof stateWords)[TopupState]

export const stateOfWord: ReadonlyMap<string, TopupState> = new Map(
  Object.entries(stateWords).map(([state, word]) => [word, state as TopupState]),
)
