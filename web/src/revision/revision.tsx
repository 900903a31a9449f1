import { ReadState } from '../api/read-state.tsx'
import { valueIn } from '../api/resource.ts'
import { shop, shopMoney, shopTime } from '../api/shop.ts'
import { phone } from '../language/format.ts'
import { ListSection } from '../lists/list-section.tsx'
import type { Outcome } from '../presses/command.ts'
import { OutcomeNotice } from '../presses/outcome-notice.tsx'
import { outcomeText, useCommands, whyNoCommand } from '../presses/use-commands.ts'
import { person } from '../session/session.ts'
import { decisionName, DecideForm } from './decide-form.tsx'
import { standingOf, type Decision, type DecisionAnswer, type Standing } from './decision.ts'
import { decisions, reviews, type ReviewedSale } from './reads.ts'
import { Timeline } from './timeline.tsx'
import { words } from './words.ts'

/** The sales that no machine could settle, each with all that happened to it, and a person's word on them. */
export const Revision = () => {
  const say = words.value
  shop.useShown()
  const shown = reviews.useShown()
  const list = valueIn(shown) ?? []
  useCommands(decisions.value, () => void reviews.refresh())
  const whyNot = whyNoCommand(decisions.value)
  return (
    <>
      <OutcomeNotice label={say.outcome} commands={decisions.value} textOf={noticeText} />
      <ReadState shown={shown} />
      {shown.state === 'shown' && list.length === 0 && <p>{say.none}</p>}
      {list.length > 0 && (
        <ListSection id="in-review" title={say.waiting(list.length)}>
          {list.map((sale) => (
            <Reviewed key={sale.id} sale={sale} whyNot={whyNot} />
          ))}
        </ListSection>
      )}
    </>
  )
}

type Props = { readonly sale: ReviewedSale; readonly whyNot: string | null }

const Reviewed = ({ sale, whyNot }: Props) => {
  const say = words.value
  return (
    <li>
      <h3>
        {say.sale(sale.id)} · {sale.operadora}
        {sale.paquete !== null && ` ${sale.paquete.nombre}`} · {phone(sale.numero_cliente)} ·{' '}
        {shopMoney(sale.monto)}
      </h3>
      <p>
        {say.since(shopTime(sale.fecha_hora))} · {say.session(sale.id_caja_sesion)}
        {sale.id_user_create !== null && ` · ${say.person(String(sale.id_user_create))}`}
      </p>
      <Timeline sale={sale} />
      <Proposal sale={sale} />
      {sale.decision?.definitiva !== true && <DecideForm sale={sale} whyNot={whyNot} />}
    </li>
  )
}

/** The word of the first person, where two must agree. */
const Proposal = ({ sale: { decision } }: { readonly sale: ReviewedSale }) => {
  const say = words.value
  if (decision === null) return null
  const isOwn = String(decision.usuario) === person.value?.userId
  return (
    <div class="notice">
      <p>
        {say.proposed(say[decision.resultado], String(decision.usuario), shopTime(decision.fecha))}{' '}
        {decision.definitiva ? say.isClosing : isOwn ? say.needsOther : say.needsYou}
      </p>
      <p>
        {say.evidence}: {decision.evidencia} · {say.note}: {decision.nota}
      </p>
    </div>
  )
}

const noticeText = (outcome: Outcome<Decision, DecisionAnswer>): string =>
  outcome.kind === 'done'
    ? `${decisionName(outcome.command)}: ${standingText(standingOf(outcome.result))}`
    : outcomeText(outcome, decisionName)

const standingText = (standing: Standing): string => {
  const say = words.value
  switch (standing.kind) {
    case 'settled':
      return say.settled(say[standing.result])
    case 'awaiting-second-person':
      return say.needsOther
    case 'closing':
      return say.isClosing
    case 'recorded':
      return say.isRecorded
  }
}
