import { expect, test } from '@jest/globals'
import type { ShopDay } from '@recargas/contracts'
import { extendChain, type PlacedEntry } from '../domain/chain.ts'
import { anOpenShopOperations, aTopup, policy, start } from '../testing/builders.ts'
import { intakeFor } from '../testing/test-writer.ts'
import { prepareBatch } from '../writer/prepare-batch.ts'
import { replayBatch, type Touched } from './replay-batch.ts'
import { replayView, startReplay } from './replay-state.ts'
import { emptyState } from '../domain/ledger-view.ts'
import type { Operation } from '../domain/operation.ts'

/** The findings of a replay of one batch, as it was written and then changed; its chain holds. */
const findingsAfter = (change: (entry: PlacedEntry) => PlacedEntry): readonly string[] => {
  const replay = startReplay(3, { guardsKeptMs: 120_000 })
  const head = { epoch: 1, seq: 0, batch: 0, hash: replay.hash, at: start }
  const nothing = { operations: new Map(), topups: [], sessions: [] }
  const items = [...anOpenShopOperations(), aTopup()].map((operation) => intakeFor(operation))
  const circumstances = { at: start, policy }
  const { batch } = prepareBatch(3, head, emptyState(), nothing, items, circumstances)
  const entries = (batch?.entries ?? []).map(change)
  const sealed = { epoch: 1, at: start, duplicateWindowMs: policy.duplicateWindowMs }
  const seal = {
    ...sealed,
    number: 1,
    size: entries.length,
    previous: replay.hash,
    hash: extendChain(replay.hash, sealed, entries),
  }
  const replayable = entries.map((placed, index) => ({
    stored: {
      kind: 'entry' as const,
      seq: placed.seq,
      placed,
      at: start,
      seal: index === entries.length - 1 ? seal : null,
    },
    operation: JSON.parse(placed.operation) as Operation,
  }))
  const touched: Touched = { topups: new Set(), closedSessions: [], injections: [], cases: [] }
  const view = replayView(replay, { topups: new Map(), sessions: new Map() })
  replayBatch(replay, view, replayable, touched, { seal, policy, keepMessages: () => false })
  return replay.findings.kept.map(({ detail }) => detail)
}

test('a replay takes each day from the journal: it needs no rules of time zones', () => {
  expect(findingsAfter((entry) => entry)).toEqual([])
  expect(
    findingsAfter(({ entry, operation, outcome, ...placed }) => ({
      ...placed,
      entry: { ...entry, day: '2026-11-20' as ShopDay },
      // A session names its day in its outcome too.
      outcome: outcome.replaceAll('"2026-11-21"', '"2026-11-20"'),
      operation: operation.replaceAll('America/La_Paz', 'America/Abolished'),
    })),
  ).toEqual([])
})

test('a day that was taken out of the journal is found', () => {
  const findings = findingsAfter(({ entry, ...placed }) => ({
    ...placed,
    entry: { ...entry, day: null },
  }))
  expect(findings[0]).toBe('day: null kept, 2026-11-21 applied again')
})
