import { describe, expect, test } from '@jest/globals'
import { compareAtCut, foldBlock, type Folded } from './oracle-balances.ts'
import { logProblems, textOfLine, textOfOperation } from './oracle-log.ts'
import { checks } from './oracle-findings.ts'
import { judge } from './oracle.ts'
import type {
  Facts,
  Press,
  Projections,
  ReadBack,
  StoredBlock,
  StoredEntry,
  StoredTopup,
} from './facts.ts'

const press = (given: Partial<Press> = {}): Press => ({
  at: 0,
  kind: 'answer',
  status: 201,
  code: null,
  topupId: 'a',
  state: 'AUTORIZADA',
  ...given,
})
const cut = press({ kind: 'cut', status: 0, topupId: null, state: null })
const problem = (status: number, code: string, topupId: string | null = null) =>
  press({ status, code, topupId, state: null })
const notAccepted = problem(503, 'NOT_ACCEPTED')

const topup = (given: Partial<StoredTopup> = {}): StoredTopup => ({
  id: 'a',
  phone: '70000001',
  carrierAmount: 100,
  state: 'committed',
  releaseReason: null,
  ...given,
})
const debit = { token: 'a', state: 'authorized', debits: 1, amount: 100, number: '70000001' }
const entry = (
  id: string,
  kind: string,
  posted = 0,
  topups: readonly StoredTopup[] = [],
): StoredEntry => ({
  id,
  kind,
  topupId: 'a',
  isRefusedByTime: false,
  lines:
    posted === 0
      ? []
      : [
          line('principal/float/Tigo', -posted, 1_000 - posted),
          line('principal/drawer/1', posted, posted),
        ],
  topups,
  changed: [],
})
const line = (account: string, posted: number, after: number) => ({
  account,
  posted,
  reserved: 0,
  incoming: 0,
  after: { posted: after, reserved: 0, incoming: 0 },
})

/** A birth, a takeover, and one block for each entry. */
const logOf = (entries: readonly StoredEntry[]): StoredBlock[] => {
  const of = (position: number, kind: string, of: readonly StoredEntry[] = []): StoredBlock => ({
    partition: 3,
    position,
    kind,
    birth: 'birth',
    epoch: position === 0 ? 0 : 1,
    owner: position === 0 ? '' : 'owner',
    at: position,
    previous: position === 0 ? '0' : String(position - 1),
    hash: String(position),
    entries: of,
  })
  return [
    of(0, 'birth'),
    of(1, 'takeover'),
    ...entries.map((each, index) => of(index + 2, 'batch', [each])),
  ]
}

/** The projections of a complete rebuild of these blocks. */
const projectionsOf = (blocks: readonly StoredBlock[]): Projections => {
  const topups = new Map<string, Projections['topups'][number]>()
  const accounts = new Map<string, Projections['accounts'][number]>()
  const operations: string[] = []
  const lines: string[] = []
  for (const { partition, position, entries } of blocks) {
    for (const [i, each] of entries.entries()) {
      for (const one of each.topups) topups.set(one.id, { ...one, position })
      for (const { account, posted, reserved, incoming, after } of each.lines) {
        accounts.set(account, { id: account, partition, position, ...after })
        const moved = [posted, reserved, incoming]
        const amounts = [...moved, after.posted, after.reserved, after.incoming]
        lines.push(textOfLine({ account, position, index: i, amounts }))
      }
      operations.push(textOfOperation({ p: partition, n: position, i }, each))
    }
  }
  const position = blocks.at(-1)?.position ?? -1
  return {
    positions: [{ projection: 'balances', partition: 3, position }],
    accounts: [...accounts.values()],
    topups: [...topups.values()],
    operations,
    lines,
    shown: [],
  }
}
const booksOf = (entries: readonly StoredEntry[]): Pick<Facts, 'blocks' | 'projections'> => {
  const blocks = logOf(entries)
  return { blocks, projections: projectionsOf(blocks) }
}
/** A log with these sales, each reserved by an entry of its own. */
const stored = (topups: readonly StoredTopup[], ...more: readonly StoredEntry[]) =>
  booksOf([...topups.map((each) => entry(each.id, 'reserve', 0, [each])), ...more])

/** One sale that went as it should. */
const good: Facts = {
  sales: [{ number: '70000001', presses: [press()], reads: [] }],
  ...stored([topup()]),
  transactions: [debit],
  calls: [{ token: 'a', status: 200, debited: true }],
  sent: [],
  deadLetters: [],
  crashes: [],
  samples: { taken: 1, missed: 0, problems: [] },
}
type Given = Partial<Facts> & { readonly topups?: readonly StoredTopup[] }
const found = ({ topups, ...facts }: Given) => {
  const books = topups === undefined ? {} : stored(topups)
  const { counts } = judge({ ...good, ...books, ...facts })
  return checks.filter((check) => counts[check] > 0)
}
const sold = (...presses: Press[]) => [{ number: '70000001', presses, reads: [] }]
const released = (releaseReason: string) => [topup({ state: 'released', releaseReason })]

test('finds nothing in a sale that was debited once, committed and answered 201', () => {
  const { findings, sales } = judge(good)
  expect(findings).toEqual([])
  expect(sales).toEqual({ accepted: 1, committed: 1, released: 0, inReview: 0 })
})

describe('an accepted sale', () => {
  test('is lost when the ledger does not have it', () => {
    expect(found({ topups: [], transactions: [], calls: [] })).toContain('lost')
  })
  test('is lost when it was answered 201 and is not committed', () => {
    expect(found({ topups: [topup({ state: 'in-review' })] })).toEqual(['lost'])
  })
  test('may be in review after 202, and must not stay reserved', () => {
    const sales = sold(press({ status: 202, state: 'PENDIENTE' }))
    expect(found({ sales, topups: [topup({ state: 'in-review' })] })).toEqual([])
    expect(found({ sales, topups: [topup({ state: 'reserved' })] })).toEqual(['unsettled'])
  })
})

describe('the carrier', () => {
  test('must know what is committed, and the ledger what is debited', () => {
    expect(found({ transactions: [] })).toEqual(['lost'])
    expect(found({ sales: [], topups: [] })).toEqual(['lost'])
  })
  test('must not debit a token twice, in one call or in two, nor one customer by two tokens', () => {
    expect(found({ transactions: [{ ...debit, debits: 2 }] })).toContain('debitedTwice')
    const call = { token: 'a', status: 200, debited: true }
    expect(found({ calls: [call, call] })).toEqual(['debitedTwice'])
    expect(found({ transactions: [debit, { ...debit, token: 'b' }] })).toContain('debitedTwice')
  })
  test('must have debited the ledger’s amount', () => {
    expect(found({ transactions: [{ ...debit, amount: 200 }] })).toEqual(['lost'])
  })
})

describe('a release', () => {
  const rejected = [{ ...debit, state: 'rejected', debits: 0 }]
  const sales = sold(problem(422, 'CARRIER_REJECTED'))

  test('is right on the carrier’s refusal, and wrong where it was debited', () => {
    const calls = [{ token: 'a', status: 503, debited: false }]
    const topups = released('CARRIER_REJECTED')
    expect(found({ sales, topups, calls, transactions: rejected })).toEqual([])
    expect(found({ sales, topups })).toEqual(['wrongReleases'])
  })
  test('is wrong on a refusal that never left the carrier', () => {
    const calls = [{ token: 'a', status: 'left', debited: false }]
    const topups = released('CARRIER_REJECTED')
    expect(found({ sales, topups, calls, transactions: rejected })).toEqual(['wrongReleases'])
  })
  test.each(['hung', 'reset', 'left', 'open', 500, 502, 504])(
    'as not sent is wrong on a call that ended %s',
    (status) => {
      const unsent = sold(problem(503, 'CARRIER_UNAVAILABLE'))
      const topups = released('CARRIER_UNAVAILABLE')
      const calls = [{ token: 'a', status, debited: false }]
      expect(found({ sales: unsent, topups, calls, transactions: [] })).toEqual(['wrongReleases'])
      expect(found({ sales: unsent, topups, calls: [], transactions: [] })).toEqual([])
    },
  )
})

describe('answers', () => {
  test('to one key repeat the first 201, never another end and never another sale', () => {
    expect(found({ sales: sold(cut, press(), press()) })).toEqual([])
    const refused = problem(422, 'CARRIER_REJECTED')
    expect(found({ sales: sold(press(), refused) })).toEqual(['wrongAnswers'])
    expect(found({ sales: sold(press(), press({ topupId: 'b' })) })).toContain('wrongAnswers')
    const pending = press({ status: 202 })
    expect(found({ sales: sold(pending, press()) })).toEqual([])
    expect(found({ sales: sold(press(), pending) })).toEqual(['wrongAnswers'])
  })
  test('may change once, by a correction that is in the log', () => {
    const presses = sold(problem(503, 'CARRIER_UNAVAILABLE', 'a'), press())
    expect(found({ sales: presses })).toEqual(['wrongAnswers'])
    const books = stored([topup()], entry('a:correct', 'correct'))
    expect(found({ sales: presses, ...books })).toEqual([])
  })
  test('leave room for one sale where a press was cut off, and for none where each is "not accepted"', () => {
    expect(found({ sales: sold(notAccepted, notAccepted) })).toEqual(['wrongAnswers'])
    expect(found({ sales: sold(notAccepted, cut) })).toEqual([])
    const second = topup({ id: 'b' })
    const transactions = [debit, { ...debit, token: 'b' }]
    expect(found({ sales: sold(cut), topups: [topup(), second], transactions })).toContain(
      'wrongAnswers',
    )
  })
  test('without a cause are findings', () => {
    expect(found({ sales: sold(problem(500, 'INTERNAL'), press()) })).toEqual(['wrongAnswers'])
    expect(found({ sales: sold(problem(409, 'DUPLICATE_SUSPECTED'), press()) })).toEqual([
      'wrongAnswers',
    ])
  })
})

describe('a read right after its answer', () => {
  const read = (given: Partial<ReadBack>) => [
    {
      number: '70000001',
      presses: [press()],
      reads: [{ status: 200, state: 'AUTORIZADA', answered: 'AUTORIZADA', ...given }],
    },
  ]
  test('shows the answered state, or reports that it cannot', () => {
    expect(found({ sales: read({}) })).toEqual([])
    expect(found({ sales: read({ status: 503, state: null }) })).toEqual([])
    expect(found({ sales: read({ state: 'PENDIENTE' }) })).toEqual(['wrongAnswers'])
    expect(found({ sales: read({ status: 404, state: null }) })).toEqual(['wrongAnswers'])
  })
  test('may go on where the answer left the sale pending', () => {
    const presses = [press({ status: 202, state: 'PENDIENTE' })]
    const reads = [{ status: 200, state: 'PENDIENTE', answered: 'PENDIENTE' }]
    expect(found({ sales: [{ number: '70000001', presses, reads }] })).toEqual([])
  })
})

describe('balances', () => {
  const opening: StoredEntry = {
    ...entry('opening', 'inject'),
    topupId: null,
    lines: [
      line('principal/float/Tigo', 1_000, 1_000),
      line('principal/equity/opening', -1_000, -1_000),
    ],
  }
  const entries = [opening, entry('a', 'reserve', 0, [topup()]), entry('a:commit', 'commit', 100)]
  const books = booksOf(entries)
  const { projections } = books
  const batch = (of: StoredEntry): StoredBlock => ({ ...(logOf([of])[2] as StoredBlock) })

  test('are the sums of their lines, and every projection equals a rebuild from the blocks', () => {
    expect(found(books)).toEqual([])
    const changed = (of: Partial<Projections>) =>
      found({ ...books, projections: { ...projections, ...of } })
    expect(changed({ accounts: projections.accounts.slice(1) })).toEqual(['imbalance'])
    expect(changed({ topups: [] })).toEqual(['imbalance'])
    expect(changed({ topups: [{ ...topup({ state: 'reserved' }), position: 3 }] })).toEqual([
      'imbalance',
    ])
    expect(changed({ operations: projections.operations.slice(1) })).toEqual(['imbalance'])
    expect(changed({ lines: [...projections.lines, 'a line too many'] })).toEqual(['imbalance'])
    const shown = [{ projection: 'cases', id: 'a', position: 2 }]
    expect(changed({ shown })).toEqual(['imbalance'])
  })
  test('are unsettled when their projection stands at an earlier block after all is quiet', () => {
    const positions = [{ projection: 'balances', partition: 3, position: 3 }]
    expect(found({ ...books, projections: { ...projections, positions } })).toEqual(['unsettled'])
  })
  test('cancel out within one entry, whose running balances add up', () => {
    const folded: Folded = new Map()
    expect(foldBlock(folded, batch({ ...opening, lines: opening.lines.slice(0, 1) }))).toEqual([
      'opening: debits and credits differ by 1000',
    ])
    expect(foldBlock(folded, batch(opening))).toHaveLength(1)
  })
  test('never fall below the reserved amount of a float or a drawer', () => {
    const overdrawn = { ...line('principal/float/Tigo', 0, 0), reserved: 1 }
    const after = { ...overdrawn, after: { posted: 0, reserved: 1, incoming: 0 } }
    expect(foldBlock(new Map(), batch({ ...opening, lines: [after] }))).toContain(
      'opening overdraws principal/float/Tigo',
    )
  })
  test('stay wrong once a sample during the run found them wrong', () => {
    expect(found({ samples: { taken: 1, missed: 0, problems: ['overdrawn'] } })).toEqual([
      'imbalance',
    ])
  })

  describe('in the middle of a run', () => {
    const at = (position: number) => [{ projection: 'balances', partition: 3, position }]
    const look = (position: number, accounts: Projections['accounts']) => {
      const folded: Folded = new Map()
      for (const block of books.blocks) foldBlock(folded, block)
      return compareAtCut(folded, accounts, at(position))
    }
    const opened = projectionsOf(logOf([opening])).accounts

    test('are exact at the position of their projection, or at their own where it is later', () => {
      expect(look(2, opened)).toEqual([])
      // The documents of the newest block are written, and the position stands before it.
      expect(look(2, projections.accounts)).toEqual([])
      expect(look(4, projections.accounts)).toEqual([])
    })
    test('are found wrong when a position moves before its documents are written', () => {
      expect(look(4, opened)).toEqual([
        'principal/float/Tigo is not the sum of its entries up to block 4',
        'principal/drawer/1 has entries and no balance',
      ])
    })
    test('are found wrong when they show a block that the log lacks', () => {
      const ahead = opened.map((account) => ({ ...account, position: 9 }))
      expect(look(2, ahead)).toContain(
        'principal/float/Tigo shows block 9, which has no line of it',
      )
    })
    test('are forgotten up to the cut, and compared at the next one all the same', () => {
      const folded: Folded = new Map()
      for (const block of books.blocks) foldBlock(folded, block)
      expect(compareAtCut(folded, opened, at(2))).toEqual([])
      expect(compareAtCut(folded, projections.accounts, at(4))).toEqual([])
      expect(compareAtCut(folded, opened, at(4))).not.toEqual([])
    })
  })
})

describe('the log', () => {
  test('has one entry with an effect for each id; refusals by time and progress may come again', () => {
    const refusal = { ...entry('b', 'refuse'), isRefusedByTime: true }
    const progress = entry('a:progress', 'progress')
    const again = entry('a', 'reserve')
    expect(found(stored([topup()], refusal, refusal, progress, progress))).toEqual([])
    expect(found(stored([topup()], again))).toEqual(['imbalance'])
  })
  const blocks = logOf([entry('a', 'reserve', 0, [topup()])])
  const broken = (position: number, change: Partial<StoredBlock>) =>
    logProblems(
      blocks.map((block) => (block.position === position ? { ...block, ...change } : block)),
    )

  test('is one chain from the birth on', () => {
    expect(logProblems(blocks)).toEqual([])
  })
  test.each<[string, number, Partial<StoredBlock>]>([
    ['a missing birth', 0, { kind: 'batch' }],
    ['a gap', 2, { position: 3 }],
    ['another predecessor', 2, { previous: 'x' }],
    ['a time that falls', 2, { at: 0 }],
    ['a batch of another owner', 2, { owner: 'other' }],
    ['an epoch that falls', 2, { epoch: 0 }],
    ['a takeover without a new epoch', 1, { epoch: 0 }],
    ['another birth', 2, { birth: 'other' }],
    ['a batch before any takeover', 1, { kind: 'batch', epoch: 0, owner: '' }],
  ])('with %s is none', (_, position, change) => {
    expect(broken(position, change)).not.toEqual([])
    expect(
      found({ blocks: blocks.map((b) => (b.position === position ? { ...b, ...change } : b)) }),
    ).toContain('imbalance')
  })
})

describe('messages', () => {
  test('are carried out once the broker confirms them, and poison is quarantined with its cause', () => {
    expect(found({ sent: [{ kind: 'command', id: 'c', isAccountedFor: true }] })).toEqual([])
    expect(found({ sent: [{ kind: 'command', id: 'c', isAccountedFor: false }] })).toEqual(['lost'])
    expect(found({ sent: [{ kind: 'poison', id: 'p', isAccountedFor: false }] })).toEqual([
      'disorder',
    ])
  })
  test('are disorder when dead-lettered without poison, as is a process that ends without a fault', () => {
    expect(found({ deadLetters: ['OPERATION_FAILED'] })).toEqual(['disorder'])
    expect(found({ crashes: ['ledger: uncaught'] })).toEqual(['disorder'])
  })
})
