import type { DerivedKind } from '../verify/ledger-source.ts'
import type { stateKinds } from './documents.ts'

/** Where each kind is kept; in `state` several kinds are. */
export const keptIn: Readonly<
  Record<DerivedKind, { readonly in: LedgerCollection; readonly is?: (typeof stateKinds)[number] }>
> = {
  accounts: { in: 'state', is: 'account' },
  merchants: { in: 'state', is: 'merchant' },
  cajas: { in: 'state', is: 'caja' },
  sessions: { in: 'state', is: 'session' },
  topups: { in: 'topups' },
  injections: { in: 'injections' },
  cases: { in: 'cases' },
}

/** The collections that a ledger is, heads first. */
export const ledgerCollections = [
  'state',
  'journal',
  'outbox',
  'identity',
  'topups',
  'injections',
  'cases',
] as const
export type LedgerCollection = (typeof ledgerCollections)[number]
