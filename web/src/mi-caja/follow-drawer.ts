import { useEffect } from 'preact/hooks'
import { useCommands } from '../presses/use-commands.ts'
import { owner } from '../session/session.ts'
import { ownSession } from '../vender/reads.ts'
import { drawer } from './drawer.ts'
import { cajas, noteClosed, ownReport, restoreClosed } from './reads.ts'

/** Continues a kept command of the drawer on any screen, and reads the drawer again after each one that was done. */
export const FollowDrawer = () => {
  const person = owner.value
  useEffect(() => {
    if (person !== null) void restoreClosed(person)
  }, [person])
  useCommands(drawer.value, (command) => {
    const isClosing = command.kind === 'close' || command.kind === 'hand-over'
    if (person !== null && isClosing) void noteClosed(person, command.sessionId)
    void Promise.all([ownReport.refresh(), cajas.refresh(), ownSession.refresh()])
  })
  return null
}
