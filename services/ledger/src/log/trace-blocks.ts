import type { Tracer } from '@recargas/runtime'
import type { ReadableBlock } from '../projections/projection.ts'
import type { Appended } from './write-block.ts'

const mongodb = { 'db.system.name': 'mongodb' } as const

/**
 * Adds a span of the append to the trace of each entry. A block holds entries of many sales; one span of it could have one parent
 * alone, so each trace gets its own, with the block's place and size (docs/adr/0050).
 */
export const traceAppended = (
  tracer: Tracer,
  { block: { partition, position }, entries, seconds, traced }: Appended,
): void => {
  for (const { correlationId, span } of traced) {
    tracer.record('append block', {
      kind: 'client',
      correlationId,
      parent: span,
      seconds,
      attributes: {
        ...mongodb,
        'db.operation.name': 'insert',
        'recargas.block': `${partition}/${position}`,
        'recargas.block.entries': entries.length,
      },
    })
  }
}

/** Adds a span to the trace of each entry of a block that every projection shows: it began with the end of the append. */
export const traceShown = (
  tracer: Tracer,
  seconds: number,
  { partition, position, traced = [] }: ReadableBlock,
): void => {
  for (const { correlationId, span } of traced) {
    tracer.record('project block', {
      kind: 'client',
      correlationId,
      parent: span,
      seconds,
      attributes: { ...mongodb, 'recargas.block': `${partition}/${position}` },
    })
  }
}
