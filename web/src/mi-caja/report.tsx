import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { asFailure, sentenceOf } from '../api/answer.ts'
import { useSheets } from '../api/sheets.ts'
import { amountOf, minorOf, money, time } from '../language/format.ts'
import { person } from '../session/session.ts'
import { CorrectDialog } from './correct-dialog.tsx'
import { drawer } from './drawer.ts'
import { readReport, readSheet, type Report } from './reads.ts'
import { rowsOf } from './report-rows.ts'
import { words } from './words.ts'

type Props = {
  readonly id: number
  /** True where the cashier must not see the expected cash before the count: counts are shown without amounts. */
  readonly isBlind: boolean
}

/** The report of a session, as the printer prints it: X while it is open, Z once it is closed. */
export const ReportOfSession = ({ id, isBlind: isBlindWhileOpen }: Props) => {
  const say = words.value
  const report = useSignal<Report | null>(null)
  const fault = useSignal('')
  const sheets = useSheets()
  const isCorrecting = useSignal(false)
  const outcome = drawer.value?.outcome.value ?? null
  useEffect(() => {
    readReport(id).then(
      (read) => (report.value = read),
      (thrown: unknown) => (fault.value = sentenceOf(asFailure(thrown))),
    )
  }, [id, outcome])
  const isOpen = report.value?.sesion.fecha_cierre === null
  const isBlind = isBlindWhileOpen && isOpen
  const title = isOpen ? say.xReport : say.zReport
  return (
    <div>
      <p class="fault">{fault.value}</p>
      {report.value !== null && (
        <section aria-labelledby={`report-${id}`} class="receipt">
          <h2 id={`report-${id}`}>{title}</h2>
          <Head report={report.value} />
          <Sums report={report.value} isBlind={isBlind} />
          {report.value.sesion.denominaciones !== null && <Notes report={report.value} />}
          <Corrections report={report.value} />
          <div class="row">
            <button type="button" onClick={() => window.print()}>
              {say.print}
            </button>
            {!isBlind && (
              <button
                type="button"
                onClick={() => void sheets.save(`informe-${id}.csv`, () => readSheet(id))}
              >
                {say.sheet}
              </button>
            )}
            {!isOpen && person.value?.role === 'Administrador' && (
              <button type="button" onClick={() => (isCorrecting.value = true)}>
                {say.correct}
              </button>
            )}
          </div>
          <p role="alert" class="fault">
            {sheets.fault.value}
          </p>
        </section>
      )}
      {isCorrecting.value && (
        <CorrectDialog sessionId={id} close={() => (isCorrecting.value = false)} />
      )}
    </div>
  )
}

const Head = ({ report: { sesion, dia_apertura, dia_cierre } }: { readonly report: Report }) => {
  const say = words.value
  return (
    <>
      <p>
        <strong>{say.number(sesion.id)}</strong> · {say.caja} {sesion.id_caja} · {say.cashier}{' '}
        {sesion.id_usuario}
      </p>
      <p>
        {say.opened} {dia_apertura} {time(sesion.fecha_apertura)}
      </p>
      {sesion.fecha_cierre !== null && (
        <p>
          {say.closed} {dia_cierre} {time(sesion.fecha_cierre)}
        </p>
      )}
      {sesion.motivo_diferencia !== null && (
        <p>
          {say.differenceReason}: {sesion.motivo_diferencia}
        </p>
      )}
    </>
  )
}

const Corrections = ({ report: { sesion, moneda } }: { readonly report: Report }) => {
  const say = words.value
  return sesion.correcciones.map((each) => (
    <p key={each.id_transaccion}>
      {say.correctedTo(
        money(each.conteo_anterior, moneda),
        money(each.conteo_corregido, moneda),
        String(each.id_usuario),
      )}{' '}
      {each.motivo}
    </p>
  ))
}

type SumsProps = { readonly report: Report; readonly isBlind: boolean }

const Sums = ({ report, isBlind }: SumsProps) => {
  const say = words.value
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{say.concept}</th>
          <th scope="col">{say.pieces}</th>
          {!isBlind && <th scope="col">{say.amount}</th>}
        </tr>
      </thead>
      <tbody>
        {rowsOf(report, isBlind).map(({ key, name, count, amount }) => (
          <tr key={key}>
            <th scope="row">{name}</th>
            <td>{count ?? ''}</td>
            {!isBlind && <td>{money(amount, report.moneda)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const Notes = ({ report: { sesion, moneda } }: { readonly report: Report }) => {
  const say = words.value
  return (
    <table>
      <caption>{say.notes}</caption>
      <tbody>
        {(sesion.denominaciones ?? []).map(({ valor, cantidad }) => (
          <tr key={valor}>
            <th scope="row">{valor}</th>
            <td>{cantidad}</td>
            <td>{money(amountOf(minorOf(valor) * cantidad), moneda)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
