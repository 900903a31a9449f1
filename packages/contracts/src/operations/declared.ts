/*
 * Every operation, one line each: the only list of them. The registry derives every union, table and list from it;
 * docs/adding-an-operation.md says the other steps.
 */
export * from './change-caja.ts'
export * from './close-session.ts'
export * from './correct-count.ts'
export * from './create-caja.ts'
export * from './hand-over-session.ts'
export * from './inject-float.ts'
export * from './move-drawer.ts'
export * from './open-session.ts'
export * from './record-recharge.ts'
export * from './request-bundle.ts'
export * from './request-topup.ts'
export * from './resolve-topup.ts'
