import { partitionCount } from '@recargas/contracts'
import { hashOf } from '../log/block.ts'
import type { BirthBlock, BlockSource } from './log-records.ts'

/**
 * The birth that the proof measures a log by: the first block of the first partition that has one. A birth whose hash does not
 * match is damage, which the walk reports: its number of partitions proves nothing.
 */
export const findLedgerBirth = async ({
  find,
}: Pick<BlockSource, 'find'>): Promise<BirthBlock | null> => {
  for (let partition = 0; partition < partitionCount; partition += 1) {
    const read = await find(partition, 0)
    if (read?.kind !== 'block' || read.block.kind !== 'birth') continue
    if (hashOf(read.block) === read.block.hash) return read.block
  }
  return null
}
