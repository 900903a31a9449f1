/** A deliberate mistake in what is built, by its text. */
export type Mutation = {
  readonly name: string
  readonly edits: readonly { readonly file: string; readonly from: string; readonly to: string }[]
}

export const mutations: readonly Mutation[] = [
  {
    name: 'acknowledge-before-commit',
    edits: [
      {
        file: 'services/ledger/dist/writer/partition-consumer.js',
        from: 'const fate = await writer.submit({ ...intake, isPaused }, delivery.subscription);',
        to: "void writer.submit({ ...intake, isPaused }, delivery.subscription); const fate = { kind: 'done' };",
      },
    ],
  },
  {
    name: 'no-duplicate-check',
    edits: [
      {
        file: 'services/ledger/dist/writer/prepare-batch.js',
        from: 'const again = repeatOf(intake, making, view.topup, at);',
        to: 'const again = null;',
      },
    ],
  },
  {
    name: 'publish-without-mandatory',
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
    edits: [
      {
        file: 'services/carrier-adapter/dist/domain/verdict.js',
        from: 'return unclear(9, `time-out after ${observation.afterMs} ms`, { failure: true });',
        to: 'return notSent(`time-out after ${observation.afterMs} ms`, true);',
      },
    ],
  },
]
