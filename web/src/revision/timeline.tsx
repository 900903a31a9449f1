import { shopTime } from '../api/shop.ts'
import { answerOf, stepsOf, type Step } from './steps.ts'
import { words } from './words.ts'

/** All that happened to one sale, and the carrier's answer to each call. */
export const Timeline = ({ sale }: { readonly sale: Parameters<typeof stepsOf>[0] }) => (
  <ol aria-label={words.value.timeline} class="steps">
    {stepsOf(sale).map((step, at) => (
      <li key={at}>
        <time dateTime={step.fecha}>{shopTime(step.fecha)}</time> <strong>{nameOf(step)}</strong>
        {step.usuario !== null && ` · ${words.value.person(String(step.usuario))}`}
        {step.intento !== undefined && ` · ${answerOf(step.intento)}`}
      </li>
    ))}
  </ol>
)

const nameOf = ({ paso, intento }: Step): string => {
  const say = words.value
  switch (paso) {
    case 'SOLICITADA':
      return say.requested
    case 'RESERVADA':
      return say.reserved
    case 'INTENTO':
      return intento?.consulta === true
        ? say.lookup(intento.intento)
        : say.attempt(intento?.intento ?? 1)
    case 'EN_REVISION':
      return say.inReview
    case 'DECIDIDA':
      return say.decided
    case 'AUTORIZADA':
      return say.authorized
    case 'RECHAZADA':
      return say.rejected
    case 'CORREGIDA':
      return say.corrected
    case 'INCIDENCIA':
      return say.caseOpened
    // A step of another version of the gateway.
    default:
      return String(paso)
  }
}
