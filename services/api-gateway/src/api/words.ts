import type { CaseView, DecisionResult, TimelineEntry, TopupState } from '@recargas/contracts'

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

/** A person's decision on a sale in review. */
export const decisionWords = {
  authorized: 'AUTORIZADA',
  rejected: 'RECHAZADA',
} as const satisfies Record<DecisionResult, string>

/** Steps of a sale's history. */
export const stepWords = {
  requested: 'SOLICITADA',
  reserved: 'RESERVADA',
  attempt: 'INTENTO',
  'in-review': 'EN_REVISION',
  decided: 'DECIDIDA',
  committed: 'AUTORIZADA',
  released: 'RECHAZADA',
  corrected: 'CORREGIDA',
  'case-opened': 'INCIDENCIA',
} as const satisfies Record<TimelineEntry['step'], string>

/** Discrepancies a person must see. */
export const caseWords = {
  'authorized-after-release': 'AUTORIZADA_TRAS_LIBERAR',
  'rejected-after-commit': 'RECHAZADA_TRAS_CONFIRMAR',
  'echo-differs': 'AUTORIZADA_CON_OTROS_DATOS',
  'closed-without-decision': 'CERRADA_SIN_DECISION',
  'carrier-balance-differs': 'DIFERENCIA_CON_PROVEEDOR',
} as const satisfies Record<CaseView['kind'], string>
