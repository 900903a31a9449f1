import { randomUUID } from 'node:crypto'
import {
  adapterQueue,
  ledgerQueue,
  MerchantId,
  partitionCount,
  partitions,
  partitionOf,
  type FundsReservedMessage,
  type QuarantineCause,
} from '@recargas/contracts'
import { commandOf, envelopeOf, type Unbranded } from '../runner/commands.ts'

/** A message that no consumer may accept, with the expected cause of its quarantine. */
export type Poison = {
  readonly messageId: string
  readonly queue: string
  readonly body: Buffer
  readonly cause: QuarantineCause
}

const kinds = ['truncated', 'unknown type', 'unknown version', 'of 1 MB', 'for another'] as const
type Kind = (typeof kinds)[number]

const queues: readonly string[] = [
  ...partitions.map(ledgerQueue),
  adapterQueue('tpaga', 'topup'),
  adapterQueue('tpaga', 'bundle'),
]
const mebibyte = 1024 * 1024
const keptOfTruncated = 100

/** The nth poison message: every kind on every queue in turn. */
export const poisonOf = (nth: number): Poison => {
  const kind = kinds[nth % kinds.length] ?? 'truncated'
  const place = Math.floor(nth / kinds.length) % queues.length
  const isLedgers = place < partitionCount
  const messageId = `poison-${nth}-${randomUUID()}`
  return {
    messageId,
    queue: queues[place] ?? adapterQueue('tpaga', 'topup'),
    body: bodyOf(kind, isLedgers ? place : null, messageId),
    cause: causeOf(kind, isLedgers),
  }
}

/** Valid in every respect but one, so that it is refused for this one alone. */
const bodyOf = (kind: Kind, partition: number | null, id: string): Buffer => {
  const right = partition === null ? aJob(id) : aCommand(id, merchantOf[partition])
  switch (kind) {
    case 'truncated':
      return bytes(right).subarray(0, keptOfTruncated)
    case 'unknown type':
      return bytes({ ...right, type: 'GiveMoney.v1' })
    case 'unknown version':
      return bytes({ ...right, type: right.type.replace(/1$/, '2') })
    case 'of 1 MB':
      return bytes({ ...right, subject: 'x'.repeat(mebibyte) })
    case 'for another':
      return bytes(aCommand(id, merchantOf[((partition ?? 0) + 1) % partitionCount]))
  }
}

const causeOf = (kind: Kind, isLedgers: boolean): QuarantineCause => {
  if (kind === 'truncated') return 'UNREADABLE'
  // The adapter has no partitions: to it a command is a message of another service.
  return kind === 'for another' && isLedgers ? 'WRONG_PARTITION' : 'INVALID'
}

const bytes = (content: unknown): Buffer => Buffer.from(JSON.stringify(content))

const merchantIn = (partition: number): MerchantId => {
  for (let number = 0; ; number += 1) {
    const merchant = MerchantId.parse(`poison-${number}`)
    if (partitionOf(merchant) === partition) return merchant
  }
}
const merchantOf = partitions.map(merchantIn)

const acceptForMs = 600_000

const aCommand = (id: string, merchant: MerchantId | undefined) => ({
  ...commandOf('CreateCaja.v1', merchant ?? '', acceptForMs, {
    name: 'Caja 01',
    specialty: 'MIXTA',
    balance: 0,
  }),
  id,
})

const aJob = (id: string) =>
  envelopeOf(id, 'FundsReserved.v1', {
    topupId: randomUUID(),
    merchant: 'principal',
    operator: 'Tigo',
    carrier: 'tpaga',
    slug: 'tigo',
    number: '78945612',
    amount: 1_000,
    carrierAmount: 1_000,
    requestedAt: new Date().toISOString(),
  } satisfies Unbranded<FundsReservedMessage['data']>)
