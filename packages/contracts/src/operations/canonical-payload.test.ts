import { describe, expect, it } from '@jest/globals'
import {
  canonicalPayload,
  fingerprintOf,
  operationKinds,
  type OperationKind,
  type TillPayload,
  type TillPayloads,
} from './registry.ts'
import { Fingerprint } from '../ids.ts'

/** A payload of each kind beside the same payload with every field changed. */
const samples: {
  readonly [Kind in OperationKind]: readonly [TillPayloads[Kind], TillPayloads[Kind]]
} = {
  RequestTopup: [
    { operator: 'Tigo', number: '78945612', amount: 15, sessionId: 1 },
    { operator: 'Entel', number: '+59178945612', amount: 15.1, sessionId: 2 },
  ],
  RequestBundle: [
    { operator: 'Tigo', code: '024', number: '78945612', sessionId: 1, seenPrice: null },
    { operator: 'Entel', code: '24', number: '78945613', sessionId: 2, seenPrice: 99 },
  ],
  InjectFloat: [
    { operator: 'Tigo', amount: 100, sessionId: 1 },
    { operator: 'Entel', amount: 100.01, sessionId: 2 },
  ],
  OpenSession: [
    { cajaId: 1, userId: '2', declared: null, counted: null, remarks: null },
    { cajaId: 2, userId: '3', declared: 0, counted: 5, remarks: '{"billetes":3}' },
  ],
  CloseSession: [
    { sessionId: 1, counted: 500, acceptPending: false, remarks: null },
    { sessionId: 2, counted: 500.1, acceptPending: true, remarks: '{"billetes":3}' },
  ],
  HandOverSession: [
    { sessionId: 1, counted: 500, acceptPending: false, nextUserId: '3', remarks: null },
    {
      sessionId: 2,
      counted: 500.1,
      acceptPending: true,
      nextUserId: '4',
      remarks: '{"billetes":3}',
    },
  ],
  CorrectCount: [
    { sessionId: 1, counted: 500, reason: 'un cero de más' },
    { sessionId: 2, counted: 50, reason: 'Un cero de más' },
  ],
  MoveDrawer: [
    { sessionId: 1, direction: 'in', amount: 5, reason: 'cambio' },
    { sessionId: 2, direction: 'out', amount: 5.5, reason: 'Cambio' },
  ],
  CreateCaja: [
    { name: 'Caja 01', specialty: 'MIXTA', balance: 0 },
    { name: 'Caja 1', specialty: 'SOLO_VENTAS', balance: 500 },
  ],
  ChangeCaja: [
    { cajaId: 1, name: null, specialty: null, balance: null, active: null },
    { cajaId: 2, name: 'Caja 01', specialty: 'MIXTA', balance: 0, active: false },
  ],
  RecordRecharge: [
    { carrierAmount: 500_000, note: 'transferencia 1' },
    { carrierAmount: 500_001, note: 'transferencia 2' },
  ],
  ResolveTopup: [
    { topupId: 'a', result: 'authorized', evidence: 'ticket 1', note: 'por teléfono' },
    { topupId: 'b', result: 'rejected', evidence: 'ticket 2', note: 'por correo' },
  ],
}
const payloadOf = (kind: OperationKind, values: object): TillPayload =>
  ({ kind, ...values }) as TillPayload
const mutations = operationKinds.flatMap((kind) =>
  Object.keys(samples[kind][0]).map((field) => [kind, field] as const),
)

describe('a canonical payload', () => {
  it.each(mutations)('of %s is another one with another %s', (kind, field) => {
    const [first, other] = samples[kind] as readonly [object, object]
    const changed = { ...first, [field]: (other as Record<string, unknown>)[field] }
    expect(canonicalPayload(payloadOf(kind, changed))).not.toBe(
      canonicalPayload(payloadOf(kind, first)),
    )
  })

  it.each(operationKinds)('of %s is the same in whatever order its fields came', (kind) => {
    const [, full] = samples[kind] as readonly [unknown, object]
    const turned = Object.fromEntries(Object.entries(full).reverse())
    expect(canonicalPayload(payloadOf(kind, turned))).toBe(canonicalPayload(payloadOf(kind, full)))
  })

  it.each(operationKinds)('of %s has no part in anything that the till did not send', (kind) => {
    const [first] = samples[kind]
    const more = { ...first, currency: 'COP', slug: 'tigo', requestedAt: 'now', actor: 'eva' }
    expect(fingerprintOf(payloadOf(kind, more))).toBe(fingerprintOf(payloadOf(kind, first)))
  })

  it('never takes one kind for another', () => {
    const same = { operator: 'Tigo', number: '78945612', amount: 15, sessionId: 1, code: '024' }
    const kinds = operationKinds.map((kind) => canonicalPayload(payloadOf(kind, same)))
    expect(new Set(kinds).size).toBe(operationKinds.length)
  })

  it('never changes: fingerprints are stored', () => {
    const texts = Object.fromEntries(
      operationKinds.map((kind) => [kind, canonicalPayload(payloadOf(kind, samples[kind][0]))]),
    )
    expect(texts).toMatchInlineSnapshot(`
     {
       "ChangeCaja": "["ChangeCaja",["cajaId",1],["name",null],["specialty",null],["balance",null],["active",null]]",
       "CloseSession": "["CloseSession",["sessionId",1],["counted",500],["acceptPending",false],["remarks",null]]",
       "CorrectCount": "["CorrectCount",["sessionId",1],["counted",500],["reason","un cero de más"]]",
       "CreateCaja": "["CreateCaja",["name","Caja 01"],["specialty","MIXTA"],["balance",0]]",
       "HandOverSession": "["HandOverSession",["sessionId",1],["counted",500],["acceptPending",false],["nextUserId","3"],["remarks",null]]",
       "InjectFloat": "["InjectFloat",["operator","Tigo"],["amount",100],["sessionId",1]]",
       "MoveDrawer": "["MoveDrawer",["sessionId",1],["direction","in"],["amount",5],["reason","cambio"]]",
       "OpenSession": "["OpenSession",["cajaId",1],["userId","2"],["declared",null],["counted",null],["remarks",null]]",
       "RecordRecharge": "["RecordRecharge",["carrierAmount",500000],["note","transferencia 1"]]",
       "RequestBundle": "["RequestBundle",["operator","Tigo"],["code","024"],["number","78945612"],["sessionId",1],["seenPrice",null]]",
       "RequestTopup": "["RequestTopup",["operator","Tigo"],["number","78945612"],["amount",15],["sessionId",1]]",
       "ResolveTopup": "["ResolveTopup",["topupId","a"],["result","authorized"],["evidence","ticket 1"],["note","por teléfono"]]",
     }
    `)
  })

  it('distinguishes text from a number and absence from zero', () => {
    const opening = samples.OpenSession[0]
    const texts = [
      payloadOf('OpenSession', { ...opening, declared: null }),
      payloadOf('OpenSession', { ...opening, declared: 0 }),
      payloadOf('OpenSession', { ...opening, declared: '0' }),
    ].map(canonicalPayload)
    expect(new Set(texts).size).toBe(3)
  })

  it('has a fingerprint of 43 characters, whatever is in it', () => {
    const long = payloadOf('MoveDrawer', {
      ...samples.MoveDrawer[0],
      reason: '"\\\u2028\ud83d'.repeat(500),
    })
    expect(Fingerprint.safeParse(fingerprintOf(long)).success).toBe(true)
    expect(Fingerprint.safeParse('').success).toBe(false)
    expect(Fingerprint.safeParse('ñ'.repeat(43)).success).toBe(false)
  })
})
