import { assertNever, type FundsReserved } from '@recargas/contracts'
import type { Asked } from '../domain/answer.ts'
import type { FoundEvidence } from '../domain/bundle-lookup.ts'
import {
  classifyBundle,
  classifyTopup,
  type Evidence,
  type Observation,
} from '../domain/verdict.ts'
import { probeBalance } from './balance.ts'
import type { BreakerSettings } from './breaker.ts'
import { startClock, type CarrierObserver, type SaleCall } from './calls.ts'
import type { CarrierClient } from './client.ts'
import { createGate, type Gate, type GateRefusal, type GateState } from './gate.ts'
import { createLookups } from './lookups.ts'

/** What is wanted of the carrier: a sale, the same sale again, or a question about one. */
export type Purpose = 'sale' | 'repeat' | 'lookup'

export type Admission =
  | { readonly kind: 'refused'; readonly why: GateRefusal }
  | {
      readonly kind: 'admitted'
      readonly send: (body: string, asked: Asked, sale: SaleCall) => Promise<FoundEvidence>
      readonly release: () => void
    }

export type Carrier = {
  readonly admit: (job: Pick<FundsReserved, 'bundle'>, purpose: Purpose) => Admission
  readonly state: () => GateState & { readonly bundles: GateState }
  readonly close: () => Promise<void>
}

type Deps = {
  readonly clients: {
    readonly topups: CarrierClient
    /** With connections of their own: bundles that hang take none from a top-up. */
    readonly bundles: CarrierClient
  }
  readonly breaker: BreakerSettings
  readonly observer: CarrierObserver
}

type Purchase = {
  readonly operation: 'topup' | 'bundle'
  readonly path: string
  readonly classify: (observation: Observation, asked: Asked) => Evidence
}
const topupPurchase: Purchase = {
  operation: 'topup',
  path: '/topup_account',
  classify: classifyTopup,
}
const bundlePurchase: Purchase = {
  operation: 'bundle',
  path: '/package_buy',
  classify: classifyBundle,
}

/** Sells at the carrier, each operation behind a gate of its own, and asks what became of a bundle. */
export const createCarrier = ({ clients, breaker, observer }: Deps): Carrier => {
  const gateOf = (operation: Purchase['operation'], client: CarrierClient, other: () => Gate) =>
    createGate({
      settings: { operation, ...breaker },
      probe: () => probeBalance(client, observer),
      onKeyRefused: () => other().suspectKey(),
      observer,
      now: Date.now,
    })
  const topups: Gate = gateOf('topup', clients.topups, () => bundles)
  const bundles: Gate = gateOf('bundle', clients.bundles, () => topups)
  const lookups = createLookups({ client: clients.bundles, breaker, observer, now: Date.now })
  const admit = (purpose: Exclude<Purpose, 'lookup'>, isBundle: boolean): Admission =>
    isBundle
      ? admitPurchase(bundlePurchase, bundles, purpose, clients.bundles, observer)
      : admitPurchase(topupPurchase, topups, purpose, clients.topups, observer)
  return {
    admit: ({ bundle }, purpose) => {
      switch (purpose) {
        case 'sale':
        case 'repeat':
          return admit(purpose, bundle !== undefined)
        case 'lookup':
          return lookups.admit()
        default:
          return assertNever(purpose)
      }
    },
    state: () => ({ ...topups.state(), bundles: bundles.state() }),
    close: async () => {
      topups.close()
      bundles.close()
      lookups.close()
      await Promise.all([clients.topups.close(), clients.bundles.close()])
    },
  }
}

const admitPurchase = (
  { operation, path, classify }: Purchase,
  gate: Gate,
  purpose: 'sale' | 'repeat',
  client: CarrierClient,
  observer: CarrierObserver,
): Admission => {
  const pass = gate.admit(purpose)
  if (pass.kind === 'refused') return pass
  const send = async (body: string, asked: Asked, sale: SaleCall): Promise<Evidence> => {
    const stop = startClock()
    const observation = await client.call({ method: 'POST', path, body })
    const evidence = classify(observation, asked)
    observer.called({ operation, observation, result: evidence.proves, seconds: stop(), sale })
    return evidence
  }
  return {
    kind: 'admitted',
    send: async (body, asked, sale) => {
      const result = await pass.run(() => send(body, asked, sale))
      return typeof result === 'string'
        ? classify({ kind: 'not-sent', why: result }, asked)
        : result
    },
    release: pass.release,
  }
}
