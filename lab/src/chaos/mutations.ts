import type { Edit } from './edit-build.ts'

/** A deliberate mistake, by its text. */
export type Mutation = {
  readonly name: string
  /** The check that must fail: the smoke profile on the build, or tests on the sources. */
  readonly seenBy: 'smoke' | { readonly tests: readonly string[] }
  readonly edits: readonly Edit[]
}

const seenBySmoke = (name: string, ...edits: readonly Edit[]): Mutation => ({
  name,
  seenBy: 'smoke',
  edits,
})

const seenByTests = (name: string, tests: readonly string[], ...edits: readonly Edit[]) => ({
  name,
  seenBy: { tests },
  edits,
})

export const mutations: readonly Mutation[] = [
  seenBySmoke('acknowledge-before-append', {
    file: 'services/ledger/dist/log/partition-consumer.js',
    from: 'const disposition = await writer.enqueue({ ...inbound, isPaused, span }, subscription);',
    to: "void writer.enqueue({ ...inbound, isPaused, span }, subscription); const disposition = { kind: 'done' };",
  }),
  seenBySmoke('no-duplicate-check', {
    file: 'services/ledger/dist/log/build-block.js',
    from: 'const again = repeatOf(item, building, view);',
    to: 'const again = null;',
  }),
  seenBySmoke('publish-without-mandatory', {
    file: 'packages/messaging/dist/publisher.js',
    from: 'mandatory: true,',
    to: 'mandatory: false,',
  }),
  seenBySmoke(
    'nack-with-requeue',
    {
      file: 'packages/messaging/dist/deliver.js',
      from: 'return sendOn(deps, ending.message, tag);',
      to: "return 'requeue';",
    },
    {
      file: 'packages/messaging/dist/deliver.js',
      from: "if (dispositions.includes('stuck'))",
      to: "if (dispositions.includes('requeue')) return 'requeue';\n    if (dispositions.includes('stuck'))",
    },
    {
      file: 'packages/messaging/dist/consumer.js',
      from: "if (disposition === 'stuck')",
      to: "if (disposition === 'requeue') consumer.channel.nack(message, false, true);\n        if (disposition === 'stuck')",
    },
  ),
  seenBySmoke('release-on-time-out', {
    file: 'services/carrier-adapter/dist/carriers/tpaga/decision-table.js',
    from: 'return unclear(9, `time-out after ${callResult.afterMs} ms`, { failure: true });',
    to: 'return notSent(`time-out after ${callResult.afterMs} ms`, true);',
  }),
  // L1: the block is on the primary, and perhaps nowhere else.
  seenByTests(
    'write-concern-error-is-appended',
    ['lab/src/chaos/ledger-log.int', 'services/ledger/src/log/block-store.test'],
    {
      file: 'services/ledger/src/log/block-store.ts',
      from: "writeConcernError === undefined ? 'inserted' : 'unknown',",
      to: "writeConcernError === undefined ? 'inserted' : 'inserted',",
    },
  ),
  // L2
  seenByTests('another-block-is-mine', ['services/ledger/src/log/append-protocol.test'], {
    file: 'services/ledger/src/log/append-protocol.ts',
    from: "if (found.hash === block.hash) return { kind: 'appended' }",
    to: "if (found.position === block.position) return { kind: 'appended' }",
  }),
  // L3
  seenBySmoke('apply-without-takeover', {
    file: 'services/ledger/dist/log/own-partition.js',
    from: 'let takeover = takeoverBlock(tip, owner, ports.blockTime());',
    to: "if (tip !== null) return { kind: 'owner', tip };\n    let takeover = takeoverBlock(tip, owner, ports.blockTime());",
  }),
  // L7
  seenByTests('expired-is-not-appended', ['services/ledger/src/log/simulation.test'], {
    file: 'services/ledger/src/log/build-block.ts',
    from: 'return append(building, item, expiredEntry(item, building), messages, at)',
    to: 'send(building, messages); if (building.bytes >= 0) return done; return append(building, item, expiredEntry(item, building), messages, at)',
  }),
  // L8
  seenBySmoke('position-before-documents', {
    file: 'services/ledger/dist/projections/block-groups.js',
    from: 'await store.write(collection, documents);',
    to: 'setTimeout(() => store.write(collection, documents).catch(() => undefined), 300);',
  }),
  // L8, "memory forgets nothing": a verdict that comes again finds its sale held in the projection.
  seenByTests('memory-forgets-unprojected', ['services/ledger/src/log/partition-writer.int'], {
    file: 'services/ledger/src/log/write-block.ts',
    from: 'projected: deps.projector.projected(deps.birth.partition),',
    to: 'projected: owned.tip.position,',
  }),
  // L9
  seenBySmoke('reads-do-not-wait', {
    file: 'services/ledger/dist/projections/await-position.js',
    from: 'const behind = needs.find((name) => (shown.get(name) ?? -1) < position);',
    to: 'const behind = undefined;',
  }),
]
