import Sequencer from '@jest/test-sequencer'

/** Suites that start one stack after another: minutes each, and small files. */
const minutesLong = [
  'crash-matrix.e2e',
  'chaos.e2e',
  'start.e2e',
  'pressure.e2e',
  'crash.e2e',
  'instances.e2e',
]

/**
 * Starts the longest suites first, so that no worker waits for another's last one. In a fresh clone no suite's duration is
 * known yet, and the size of its file, Jest's own measure, predicts little.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort([...tests])
    return sorted.every(({ duration }) => duration !== undefined)
      ? sorted
      : sorted.sort((one, other) => rankOf(one.path) - rankOf(other.path))
  }
}

function rankOf(path) {
  const long = minutesLong.findIndex((name) => path.includes(`/${name}.`))
  if (long >= 0) return long
  const kinds = ['.e2e.test.ts', '.int.test.ts', '.test.ts']
  return minutesLong.length + kinds.findIndex((kind) => path.endsWith(kind))
}
