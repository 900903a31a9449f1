import { assertNever } from '@recargas/contracts'
import type { Asked } from '../domain/answer.ts'
import { classifyTopup, type Evidence, type Observation, type Proof } from '../domain/verdict.ts'
import type { CarrierClient } from './client.ts'
import {
  createGate,
  type GateSettings,
  type GateState,
  type ProbeResult,
  type Purpose,
} from './gate.ts'

export const carrierOperations = ['topup', 'balance', 'providers'] as const
export type CarrierOperation = (typeof carrierOperations)[number]
export const carrierResults = [
  'authorized',
  'rejected',
  'pending',
  'not-sent',
  'misconfigured',
  'invalid',
  'good',
  'bad',
] as const satisfies readonly (Proof | ProbeResult['kind'])[]
export type CarrierResult = (typeof carrierResults)[number]

/** The measure of one call that was really made. */
export type ObserveCall = (
  operation: CarrierOperation,
  result: CarrierResult,
  seconds: number,
) => void

export type TopupAdmission =
  | {
      readonly kind: 'refused'
      readonly why: 'breaker-open' | 'misconfigured' | 'throttled'
    }
  | {
      readonly kind: 'admitted'
      readonly send: (body: string, asked: Asked) => Promise<Evidence>
      readonly release: () => void
    }

export type TopupCarrier = {
  readonly admit: (purpose: Purpose) => TopupAdmission
  readonly state: () => GateState
  readonly close: () => Promise<void>
}

type Deps = {
  readonly client: CarrierClient
  readonly breaker: Omit<GateSettings, 'operation'>
  readonly observeCall: ObserveCall
}

const topupPath = '/topup_account'
const balancePath = '/merchant/balance'

/** Sells top-ups at the carrier, behind the gate of that one operation. */
export const createTopupCarrier = ({ client, breaker, observeCall }: Deps): TopupCarrier => {
  const gate = createGate({
    settings: { operation: 'topup', ...breaker },
    probe: () => probeBalance(client, observeCall),
    now: Date.now,
  })
  const send = async (body: string, asked: Asked): Promise<Evidence> => {
    const stop = startClock()
    const observation = await client.call({ method: 'POST', path: topupPath, body })
    const evidence = classifyTopup(observation, asked)
    observeCall('topup', evidence.proves, stop())
    return evidence
  }
  return {
    admit: (purpose) => {
      const pass = gate.admit(purpose)
      if (pass.kind === 'refused') return pass
      return {
        kind: 'admitted',
        send: async (body, asked) => {
          const result = await pass.run(() => send(body, asked))
          return typeof result === 'string'
            ? classifyTopup({ kind: 'not-sent', why: result }, asked)
            : result
        },
        release: pass.release,
      }
    },
    state: gate.state,
    close: async () => {
      gate.close()
      await client.close()
    },
  }
}

/** Reads the merchant's balance: it costs nothing and takes the same way as a sale. */
const probeBalance = async (
  client: CarrierClient,
  observeCall: ObserveCall,
): Promise<ProbeResult> => {
  const stop = startClock()
  const result = judgeProbe(await client.call({ method: 'GET', path: balancePath }))
  observeCall('balance', result.kind, stop())
  return result
}

const judgeProbe = (observation: Observation): ProbeResult => {
  switch (observation.kind) {
    case 'not-sent':
    case 'transport-error':
    case 'timeout':
      return { kind: 'bad' }
    case 'answer': {
      const { httpStatus, body } = observation
      if (httpStatus === 401 || httpStatus === 403 || (httpStatus >= 300 && httpStatus < 400)) {
        return { kind: 'misconfigured', observed: `${httpStatus} at the balance` }
      }
      const isBalance =
        httpStatus >= 200 &&
        httpStatus < 300 &&
        body.kind === 'json' &&
        typeof body.value === 'object' &&
        body.value !== null &&
        Object.hasOwn(body.value, 'balance')
      return { kind: isBalance ? 'good' : 'bad' }
    }
    default:
      return assertNever(observation)
  }
}

const startClock = (): (() => number) => {
  const startedAt = performance.now()
  return () => (performance.now() - startedAt) / 1_000
}
