import { shopTime } from '../api/shop.ts'
import { nameIn } from '../language/language.ts'
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
  if (paso !== 'INTENTO') return nameIn(say, paso)
  const number = intento?.intento ?? 1
  return intento?.consulta === true ? say.lookup(number) : say.attempt(number)
}
