import type { ReadBlock } from '../log/block-documents.ts'
import { damageBetween, hashOf, type Block } from '../log/block.ts'
import { note, type FindingCode } from './findings.ts'
import type { BirthBlock } from './log-records.ts'
import type { Replay } from './replay.ts'

/** The last position that was read, and its block; null where it cannot be read. */
export type Cursor = { readonly position: number; readonly block: Block | null }

/** Notes how a block fails to follow the one before. @returns null as the block where there is nothing to replay */
export const checkedBlock = (
  { partition, findings }: Replay,
  birth: BirthBlock | null,
  before: Cursor,
  read: ReadBlock,
): { readonly cursor: Cursor; readonly block: Block | null } => {
  const find = (code: FindingCode, at: number, detail: string) =>
    note(findings, { code, partition, position: at, entry: null, detail })
  const next = before.position + 1
  const position = read.kind === 'damaged' ? read.damage.position : read.block.position
  if (position < next) {
    find('BLOCK', position, 'the block is there twice')
    return { cursor: before, block: null }
  }
  if (position > next) {
    const missing = position - next === 1 ? 'the block is' : `${position - next} blocks are`
    find('BLOCK', next, `${missing} missing, the next one has position ${position}`)
  }
  if (read.kind === 'damaged') {
    find('BLOCK', position, read.damage.detail)
    return { cursor: { position, block: null }, block: null }
  }
  const { block } = read
  const isFirst = position === 0
  if (position === next && (isFirst || before.block !== null)) {
    const damage = damageBetween(before.block, block)
    if (damage !== null) find('CHAIN', position, damage.detail)
  } else if (block.hash !== hashOf(block)) {
    find('CHAIN', position, 'the block is not what its hash covers')
  }
  checkBirth(block, birth, find)
  return { cursor: { position, block }, block }
}

const checkBirth = (
  block: Block,
  birth: BirthBlock | null,
  find: (code: FindingCode, position: number, detail: string) => void,
): void => {
  if (birth === null) return
  if (block.birth !== birth.birth) {
    find(
      'BLOCK',
      block.position,
      `the block is of birth ${block.birth}, the ledger of ${birth.birth}`,
    )
  } else if (block.kind === 'birth') {
    for (const field of ['namespace', 'partitions', 'at'] as const) {
      if (block[field] === birth[field]) continue
      find('BLOCK', 0, `${field}: ${block[field]}, another partition's birth has ${birth[field]}`)
    }
  }
}
