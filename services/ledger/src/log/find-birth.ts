import { randomUUID } from 'node:crypto'
import { assertNever, partitionCount } from '@recargas/contracts'
import type { BlockStore } from './block-store.ts'
import { birthBlock, type Birth, type Block } from './block.ts'
import type { AppendPorts } from './append-block.ts'
import { ensureBirth } from './own-partition.ts'

/**
 * Finds or appends the birth of the ledger, the first block of partition 0. When several instances start on an empty log, the
 * first appended block decides it.
 * @throws when the block is damaged or its append stays in doubt
 */
export const findBirth = async (
  ports: AppendPorts & Pick<BlockStore, 'find'>,
  { timeoutMs }: { readonly timeoutMs: number },
): Promise<Birth> => {
  const read = await ports.find(0, 0)
  if (read?.kind === 'block') return birthOf(read.block)
  if (read?.kind === 'damaged') throw new Error(`block 0/0: ${read.damage.detail}`)
  const candidate = birthBlock(0, {
    id: randomUUID(),
    namespace: randomUUID(),
    partitions: partitionCount,
    at: ports.now(),
  })
  const untilMs = ports.now() + timeoutMs
  const born = await ensureBirth(ports, candidate, {
    untilMs,
    signal: new AbortController().signal,
  })
  switch (born.kind) {
    case 'born':
      return birthOf(born.birth)
    case 'damaged':
      throw new Error(`block 0/0: ${born.damage.detail}`)
    case 'in-doubt':
      throw new Error('the first block of the log could not be appended in time')
    default:
      return assertNever(born)
  }
}

const birthOf = (block: Block): Birth => {
  if (block.kind !== 'birth') throw new Error(`block 0/0 is a ${block.kind}, not a birth`)
  const { birth: id, namespace, partitions, at } = block
  return { id, namespace, partitions, at }
}
