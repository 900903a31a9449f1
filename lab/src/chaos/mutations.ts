import type { Edit } from './edit-build.ts'

/** A deliberate mistake, by its text. */
export type Mutation = {
  readonly name: string
  /** The check that must fail: the smoke profile on the build, or tests on the sources. */
  readonly seenBy: 'smoke' | { readonly tests: readonly string[] }
  readonly edits: readonly Edit[]
}

export const mutations: readonly Mutation[] = [
  {
    name: 'acknowledge-before-append',
    seenBy: 'smoke',
    edits: [
      {
        file: 'services/ledger/dist/log/partition-consumer.js',
        from: 'const fate = await writer.submit({ ...inbound, isPaused, span }, subscription);',
        to: "void writer.submit({ ...inbound, isPaused, span }, subscription); const fate = { kind: 'done' };",
      },
    ],
  },
  {
    name: 'no-duplicate-check',
    seenBy: 'smoke',
    edits: [
      {
        file: 'services/ledger/dist/log/build-block.js',
        from: 'const again = repeatOf(item, building, view);',
        to: 'const again = null;',
      },
    ],
  },
  {
    name: 'publish-without-mandatory',
    seenBy: 'smoke',
    edits: [
      {
        file: 'packages/messaging/dist/publisher.js',
        from: 'mandatory: true,',
        to: 'mandatory: false,',
      },
    ],
  },
  {
    name: 'nack-with-requeue',
    seenBy: 'smoke',
    edits: [
      {
        file: 'packages/messaging/dist/deliver.js',
        from: 'return sendOn(deps, ending.message, tag);',
        to: "return 'requeue';",
      },
      {
        file: 'packages/messaging/dist/deliver.js',
        from: "if (fates.includes('stuck'))",
        to: "if (fates.includes('requeue')) return 'requeue';\n    if (fates.includes('stuck'))",
      },
      {
        file: 'packages/messaging/dist/consumer.js',
        from: "if (fate === 'stuck')",
        to: "if (fate === 'requeue') consumer.channel.nack(message, false, true);\n        if (fate === 'stuck')",
      },
    ],
  },
  {
    name: 'release-on-time-out',
    seenBy: 'smoke',
    edits: [
      {
        file: 'services/carrier-adapter/dist/carriers/tpaga/decision-table.js',
        from: 'return unclear(9, `time-out after ${callResult.afterMs} ms`, { failure: true });',
        to: 'return notSent(`time-out after ${callResult.afterMs} ms`, true);',
      },
    ],
  },
  {
    // L1: the block is on the primary, and perhaps nowhere else.
    name: 'write-concern-error-is-appended',
    seenBy: {
      tests: ['lab/src/chaos/ledger-log.int', 'services/ledger/src/log/block-store.test'],
    },
    edits: [
      {
        file: 'services/ledger/src/log/block-store.ts',
        from: "writeConcernError === undefined ? 'inserted' : 'unknown',",
        to: "writeConcernError === undefined ? 'inserted' : 'inserted',",
      },
    ],
  },
  {
    // L2
    name: 'another-block-is-mine',
    seenBy: { tests: ['services/ledger/src/log/append-protocol.test'] },
    edits: [
      {
        file: 'services/ledger/src/log/append-protocol.ts',
        from: "if (found.hash === block.hash) return { kind: 'appended' }",
        to: "if (found.position === block.position) return { kind: 'appended' }",
      },
    ],
  },
  {
    // L3
    name: 'apply-without-takeover',
    seenBy: 'smoke',
    edits: [
      {
        file: 'services/ledger/dist/log/own-partition.js',
        from: 'let takeover = takeoverBlock(tip, owner, ports.blockTime());',
        to: "if (tip !== null) return { kind: 'owner', tip };\n    let takeover = takeoverBlock(tip, owner, ports.blockTime());",
      },
    ],
  },
  {
    // L7
    name: 'expired-is-not-appended',
    seenBy: { tests: ['services/ledger/src/log/simulation.test'] },
    edits: [
      {
        file: 'services/ledger/src/log/build-block.ts',
        from: 'return append(building, item, expiredEntry(item, building), messages, at)',
        to: 'send(building, messages); if (building.bytes >= 0) return done; return append(building, item, expiredEntry(item, building), messages, at)',
      },
    ],
  },
  {
    // L8
    name: 'position-before-documents',
    seenBy: 'smoke',
    edits: [
      {
        file: 'services/ledger/dist/projections/block-groups.js',
        from: 'await store.write(collection, documents);',
        to: 'setTimeout(() => store.write(collection, documents).catch(() => undefined), 300);',
      },
    ],
  },
  {
    // L8, "memory forgets nothing": a verdict that comes again finds its sale held in the projection.
    name: 'memory-forgets-unprojected',
    seenBy: { tests: ['services/ledger/src/log/partition-writer.int'] },
    edits: [
      {
        file: 'services/ledger/src/log/write-block.ts',
        from: 'projected: deps.projector.projected(deps.birth.partition),',
        to: 'projected: owned.tip.position,',
      },
    ],
  },
  {
    // L9
    name: 'reads-do-not-wait',
    seenBy: 'smoke',
    edits: [
      {
        file: 'services/ledger/dist/projections/await-position.js',
        from: 'const behind = needs.find((name) => (shown.get(name) ?? -1) < position);',
        to: 'const behind = undefined;',
      },
    ],
  },
]
