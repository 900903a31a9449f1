import { silentLog } from '@recargas/runtime'
import { createMessageSender } from '../log/send-messages.ts'
import { projections } from '../projections/all.ts'
import { groupBlocksMax } from '../projections/block-groups.ts'
import type { ProjectionStore } from '../projections/projection-store.ts'
import { createProjector } from '../projections/projector.ts'
import { terms } from './workload.ts'

type Send = Parameters<typeof createMessageSender>[0]['send']

/** The projector of a store, and the sender that it holds up when it falls behind. */
export const projectInto = (store: ProjectionStore, send: Send) => {
  const projector = createProjector(projections, store, { blocksMax: groupBlocksMax })
  return { projector, sender: createMessageSender({ send, projector, log: silentLog }) }
}

/** The settings of a writer that nothing may disturb. */
export const undisturbed = (
  { projector, sender }: ReturnType<typeof projectInto>,
  batchSizeMax: number,
  fail: (detail: unknown) => void,
) => ({
  projector,
  send: sender.send,
  waitForCapacity: sender.waitForCapacity,
  ...terms,
  isClockTrusted: () => true,
  batchSizeMax,
  onUnavailable: (_: unknown, error: unknown) => fail(error),
  onDamaged: fail,
})
