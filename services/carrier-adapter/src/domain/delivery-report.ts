import type { VerdictKind } from '@recargas/contracts'
import type { SaleCall } from './carrier-calls.ts'
import type { Alert } from './evidence.ts'

/** A step of a sale's delivery that operators follow. */
export type DeliveryReport = Pick<SaleCall, 'topupId' | 'correlationId'> &
  (
    | { readonly kind: 'published'; readonly verdict: VerdictKind; readonly attempts: number }
    | {
        readonly kind: 'alert'
        readonly alert: Alert
        readonly observed: string
      }
    | { readonly kind: 'unpublished'; readonly outcome: string }
    | { readonly kind: 'failed'; readonly error: unknown }
  )
