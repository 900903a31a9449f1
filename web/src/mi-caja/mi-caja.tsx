import { useSignal } from '@preact/signals'
import { ReadState } from '../api/read-state.tsx'
import { valueIn } from '../api/resource.ts'
import { shop, type Shop } from '../api/shop.ts'
import { OutcomeNotice } from '../presses/outcome-notice.tsx'
import { whyNoCommand } from '../presses/use-commands.ts'
import { draftOf } from '../session/draft.ts'
import { owner, person } from '../session/session.ts'
import { PendingList } from '../vender/pending-list.tsx'
import { CountDialog } from './count-dialog.tsx'
import { drawer, outcomeText } from './drawer.ts'
import { Holdings } from './holdings.tsx'
import { MovementDialog } from './movement-dialog.tsx'
import { OpenForm } from './open-form.tsx'
import { cajas, lastClosed, ownReport, type Report } from './reads.ts'
import { ReportOfSession } from './report.tsx'
import { Sessions } from './sessions.tsx'
import { words } from './words.ts'

/** One person's drawer: open, count, move cash, report, close, hand over. */
export const MiCaja = () => {
  const settings = shop.useShown()
  const shown = ownReport.useShown()
  const offered = cajas.useShown()
  const report = valueIn(shown)?.open ?? null
  const merchant = valueIn(settings)
  const closed = lastClosed.value?.owner === owner.value ? lastClosed.value : null
  const reason = whyNoCommand(drawer.value)
  return (
    <>
      <OutcomeNotice label={words.value.title} commands={drawer.value} textOf={outcomeText} />
      <ReadState shown={shown} />
      {shown.state !== 'failed' && settings.state === 'failed' && <ReadState shown={settings} />}
      {shown.state === 'shown' && report === null && <OpenForm cajas={offered} whyNot={reason} />}
      {report !== null && merchant !== null && (
        <Open key={report.sesion.id} report={report} merchant={merchant} reason={reason} />
      )}
      {report === null && closed !== null && (
        <ReportOfSession key={closed.id} id={closed.id} isBlind={false} />
      )}
      {/* Not before the parts above it are there, which would move it. */}
      {shown.state !== 'loading' && settings.state !== 'loading' && (
        <Sessions cajas={offered} isBlind={merchant === null || isBlindFor(merchant)} />
      )}
    </>
  )
}

type Dialog = 'move' | 'close' | 'hand-over'
type OpenProps = {
  readonly report: Report
  readonly merchant: Shop
  readonly reason: string | null
}

/** The open session and the changes of it. */
const Open = ({ report, merchant, reason }: OpenProps) => {
  const say = words.value
  const dialog = draftOf<{ readonly named: Dialog | null }>(`drawer ${report.sesion.id}`, {
    named: null,
  })
  const isReported = useSignal(false)
  const isBlind = isBlindFor(merchant)
  const close = () => (dialog.value = { named: null })
  const { named: opened } = dialog.value
  const button = (named: Dialog) => (
    <button
      type="button"
      aria-disabled={reason !== null}
      aria-describedby="why-not"
      onClick={() => {
        if (reason === null) dialog.value = { named }
      }}
    >
      {say[named]}
    </button>
  )
  return (
    <>
      <Holdings report={report} isBlind={isBlind} />
      <div class="row">
        {button('move')}
        <button type="button" onClick={() => (isReported.value = !isReported.value)}>
          {say.xReport}
        </button>
        {button('close')}
        {button('hand-over')}
      </div>
      <p id="why-not">{reason ?? ''}</p>
      {isReported.value && <ReportOfSession id={report.sesion.id} isBlind={isBlind} />}
      <PendingList currency={report.moneda} />
      {opened === 'move' && <MovementDialog sessionId={report.sesion.id} close={close} />}
      {(opened === 'close' || opened === 'hand-over') && (
        <CountDialog
          report={report}
          merchant={merchant}
          isHandOver={opened === 'hand-over'}
          close={close}
        />
      )}
    </>
  )
}

const isBlindFor = ({ cierre_ciego }: Shop): boolean =>
  cierre_ciego && person.value?.role === 'Operador'
