import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { sentenceOf } from '../api/answer.ts'
import { isReachable } from '../api/connection.ts'
import { valueIn } from '../api/resource.ts'
import { shop, type Shop } from '../api/shop.ts'
import { time } from '../language/format.ts'
import { useCommands, whyNoCommand } from '../presses/use-commands.ts'
import { owner, person } from '../session/session.ts'
import { ownSession } from '../vender/reads.ts'
import type { Command, Outcome } from './command.ts'
import { CountDialog } from './count-dialog.tsx'
import { drawer } from './drawer.ts'
import { Holdings } from './holdings.tsx'
import { MovementDialog } from './movement-dialog.tsx'
import { Notice } from './notice.tsx'
import { OpenForm } from './open-form.tsx'
import { cajas, lastClosed, noteClosed, ownReport, restoreClosed, type Report } from './reads.ts'
import { ReportOfSession } from './report.tsx'
import { words } from './words.ts'

/** One person's drawer: open, count, move cash, report, close, hand over. */
export const MiCaja = () => {
  const say = words.value
  const settings = shop.useShown()
  const shown = ownReport.useShown()
  const offered = cajas.useShown()
  useDrawer()
  const report = valueIn(shown)?.open ?? null
  const merchant = valueIn(settings)
  const failure =
    shown.state === 'failed' ? shown.failure : settings.state === 'failed' ? settings.failure : null
  const isOld = shown.state === 'shown' && (shown.failure !== null || !isReachable.value)
  const closed = lastClosed.value?.owner === owner.value ? lastClosed.value : null
  const reason = whyNoCommand(drawer.value)
  return (
    <>
      <Notice />
      {failure !== null && <p role="alert">{sentenceOf(failure)}</p>}
      {isOld && <p class="old">{say.asOf(time(shown.at))}</p>}
      {shown.state === 'loading' && <p>{say.loading}</p>}
      {shown.state === 'shown' && report === null && (
        <OpenForm cajas={valueIn(offered) ?? []} whyNot={reason} press={press} />
      )}
      {report !== null && merchant !== null && (
        <Open key={report.sesion.id} report={report} merchant={merchant} reason={reason} />
      )}
      {report === null && closed !== null && (
        <ReportOfSession key={closed.id} id={closed.id} kind="z" isBlind={false} />
      )}
    </>
  )
}

type Dialog = 'movement' | 'close' | 'hand-over'
type OpenProps = {
  readonly report: Report
  readonly merchant: Shop
  readonly reason: string | null
}

/** The open session and the changes of it. */
const Open = ({ report, merchant, reason }: OpenProps) => {
  const say = words.value
  const dialog = useSignal<Dialog | null>(null)
  const isReported = useSignal(false)
  const isBlind = merchant.cierre_ciego && person.value?.role === 'Operador'
  const close = () => (dialog.value = null)
  const button = (named: Dialog, label: string) => (
    <button
      type="button"
      aria-disabled={reason !== null}
      aria-describedby="why-not"
      onClick={() => {
        if (reason === null) dialog.value = named
      }}
    >
      {label}
    </button>
  )
  return (
    <>
      <Holdings report={report} isBlind={isBlind} />
      <div class="row">
        {button('movement', say.movement)}
        <button type="button" onClick={() => (isReported.value = !isReported.value)}>
          {say.xReport}
        </button>
        {button('close', say.close)}
        {button('hand-over', say.handOver)}
      </div>
      <p id="why-not">{reason ?? ''}</p>
      {isReported.value && <ReportOfSession id={report.sesion.id} kind="x" isBlind={isBlind} />}
      {dialog.value === 'movement' && (
        <MovementDialog sessionId={report.sesion.id} press={press} close={close} />
      )}
      {(dialog.value === 'close' || dialog.value === 'hand-over') && (
        <CountDialog
          report={report}
          merchant={merchant}
          isHandOver={dialog.value === 'hand-over'}
          press={press}
          close={close}
        />
      )}
    </>
  )
}

const press = async (command: Command): Promise<Outcome> => {
  const current = drawer.value
  return current === null ? { kind: 'other-tab' } : current.press(command)
}

/** Continues a kept command, and reads the drawer again after each one that was done. */
const useDrawer = () => {
  const person = owner.value
  useEffect(() => {
    if (person !== null) void restoreClosed(person)
  }, [person])
  useCommands(drawer.value, (command) => {
    if (person !== null && 'sessionId' in command) void noteClosed(person, command.sessionId)
    void Promise.all([ownReport.refresh(), cajas.refresh(), ownSession.refresh()])
  })
}
