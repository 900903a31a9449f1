import {
  MerchantId,
  money,
  OperationId,
  OperatorName,
  ShopDay,
  type CajaView,
  type FloatView,
  type InjectionView,
  type MovementView,
  type ResultOf,
  type SessionView,
} from '@recargas/contracts'

/**
 * The first day of a shop in La Paz, four hours behind UTC, as the ledger has it. Every example
 * shows a part of it:
 *
 * | at    |                                                       | drawer | float  |
 * | ----- | ----------------------------------------------------- | ------ | ------ |
 * | 10:00 | caja 1 registered with 500.00, changed at 10:30       | 500.00 |        |
 * | 10:45 | the company recharges its account at the carrier     |        |        |
 * | 11:00 | session 1 opened                                      |        |        |
 * | 11:15 | injection 1 of 400.00                                 | 100.00 | 400.00 |
 * | 12:00 | sale 1 of 10.50                                       | 110.50 | 389.50 |
 * | 12:05 | sale 2 of 99.00, a package                            | 209.50 | 290.50 |
 * | 12:10 | movement 1: 5.00 for bags                             | 204.50 |        |
 * | 12:20 | sale 3 of 20.00: no answer, in review at 12:22        |        |        |
 * | 13:00 | sale 3 decided by one Administrador, at 13:30 by both | 224.50 | 270.50 |
 * | 13:45 | case of 12:35 (the carrier took 20.00 more) closed    |        |        |
 * | 20:00 | session 1 closed with 224.00: short by 0.50           | 224.00 |        |
 * | 20:10 | its count corrected to 224.50                         | 224.50 |        |
 */
export const on = (time: string): string => `2026-01-05T${time}Z`
export const day = ShopDay.parse('2026-01-05')

export const merchant = MerchantId.parse('principal')
export const tigo = OperatorName.parse('Tigo')
export const cashier = '2'
export const administrator = '1'
export const otherAdministrator = '9'
const currency = 'BOB'

/** Ids of the operations, made at their time as the gateway makes them; one was refused, and one is of nothing. */
export const ids = {
  caja: OperationId.parse('019b8d99-6900-7c41-a3d2-5e0b9f1d2a01'),
  recharge: OperationId.parse('019b8dc2-9be0-7e3b-9a1f-5c7d2e4b6a12'),
  injection: OperationId.parse('019b8dde-1320-7b52-8f0e-1c7a4e6b2a02'),
  topup: OperationId.parse('019b8e07-4600-7d77-9d5c-2f4f3f9e1a03'),
  refused: OperationId.parse('019b8e08-3060-7f84-92b7-4c6e8d0a5b09'),
  unknown: OperationId.parse('019b8e08-3061-7a06-8d15-2b4f6e8c0a10'),
  bundle: OperationId.parse('019b8e0b-d9e0-7a63-b1f4-6d2c8a7e3a04'),
  movement: OperationId.parse('019b8e10-6dc0-7e18-94a6-3b5d7c9f4a05'),
  review: OperationId.parse('019b8e19-9580-7f29-8c3b-7a9e1d5b6a06'),
  reconciliation: OperationId.parse('019b8e27-5120-7139-9e4d-8b0f2c6d7a07'),
  closing: OperationId.parse('019b8fbe-ba00-724a-a05e-9c1a3d7f8a08'),
  correction: OperationId.parse('019b8fc7-e1c0-7d5b-8e2a-3c6f9b1d4a11'),
} as const

export const registeredCaja: CajaView = {
  id: 1,
  currency,
  name: 'Caja 01',
  specialty: 'SOLO_VENTAS',
  active: true,
  balance: 50_000,
  reserved: money(0),
  incoming: money(0),
  createdBy: administrator,
  updatedBy: null,
  createdAt: on('10:00:00.000'),
  updatedAt: on('10:00:00.000'),
}

export const changedCaja: CajaView = {
  ...registeredCaja,
  specialty: 'MIXTA',
  updatedBy: administrator,
  updatedAt: on('10:30:00.000'),
}

/** At 12:30, with sale 3 in review. */
export const cajaAtNoon: CajaView = {
  ...changedCaja,
  balance: 20_450,
  incoming: money(2_000),
  updatedAt: on('12:20:00.020'),
}

export const cajaAtNight: CajaView = {
  ...changedCaja,
  balance: 22_400,
  updatedAt: on('20:00:00.000'),
}

export const openedSession: SessionView = {
  id: 1,
  cajaId: 1,
  currency,
  userId: cashier,
  createdBy: cashier,
  updatedBy: null,
  state: 'open',
  opening: money(50_000),
  income: money(0),
  outgo: money(0),
  pending: money(0),
  pendingEarlier: money(0),
  shortage: money(0),
  openingCounted: null,
  openingDifference: null,
  expected: null,
  counted: null,
  difference: null,
  openedAt: on('11:00:00.000'),
  openedDay: day,
  closedAt: null,
  closedDay: null,
  updatedAt: on('11:00:00.000'),
}

/** At 12:30, with sale 3 in review. */
export const sessionAtNoon: SessionView = {
  ...openedSession,
  income: money(10_950),
  outgo: money(40_500),
  pending: money(2_000),
  updatedAt: on('12:20:00.020'),
}

export const closedSession: SessionView = {
  ...openedSession,
  state: 'closed',
  updatedBy: cashier,
  income: money(12_950),
  outgo: money(40_500),
  expected: 22_450,
  counted: money(22_400),
  difference: -50,
  closedAt: on('20:00:00.000'),
  closedDay: day,
  updatedAt: on('20:00:00.000'),
}

/** The next cashier's, opened with the count that closed the first. */
export const handedOverSession: SessionView = {
  ...openedSession,
  id: 2,
  userId: '3',
  createdBy: cashier,
  opening: money(22_400),
  openingCounted: money(22_400),
  openingDifference: 0,
  openedAt: on('20:00:00.000'),
  updatedAt: on('20:00:00.000'),
}

/** The cashier had typed 224.00 where 224.50 lay in the drawer. */
export const correctedSession: SessionView = {
  ...closedSession,
  corrections: [
    {
      operationId: ids.correction,
      counted: money(22_400),
      corrected: money(22_450),
      difference: 50,
      reason: 'una moneda quedó bajo la bandeja',
      by: administrator,
      at: on('20:10:00.000'),
    },
  ],
}

export const injection: InjectionView = {
  id: 1,
  operationId: ids.injection,
  currency,
  sessionId: 1,
  userId: administrator,
  operator: tigo,
  amount: money(40_000),
  at: on('11:15:00.000'),
}

/** 5,000.00 in the carrier's centavos. */
export const recharge: ResultOf<'RecordRecharge'> = {
  kind: 'recharge',
  recharge: {
    operationId: ids.recharge,
    carrierAmount: 500_000,
    note: 'transferencia 4711',
    by: administrator,
    at: on('10:45:00.000'),
  },
}

export const movement: MovementView = {
  id: 1,
  operationId: ids.movement,
  currency,
  sessionId: 1,
  userId: cashier,
  direction: 'out',
  amount: money(500),
  reason: 'bolsas',
  at: on('12:10:00.000'),
}

/** At 12:30, with sale 3 in review. */
export const floatAtNoon: FloatView = {
  id: 1,
  currency,
  operator: tigo,
  posted: 29_050,
  reserved: money(2_000),
  available: 27_050,
  spentLastHour: money(10_950),
  runwayMinutes: 148,
  isLow: false,
  createdAt: injection.at,
  updatedAt: on('12:20:00.020'),
}
