import { valueIn } from '../api/resource.ts'
import { whyUnread } from '../api/why-unread.ts'
import { money } from '../language/format.ts'
import { balances, type Operator } from './reads.ts'
import { words } from './words.ts'

type Props = {
  readonly operators: readonly Operator[]
  readonly chosen: string
  readonly choose: (name: string) => void
  readonly isWrong: boolean
}

/** One radio button for each operator, with the balance that is left to sell and the reason where it cannot be sold. */
export const OperatorTiles = ({ operators, chosen, choose, isWrong }: Props) => {
  const say = words.value
  const shown = balances.useShown()
  const held = valueIn(shown) ?? []
  return (
    <div
      role="radiogroup"
      aria-labelledby="operator"
      aria-describedby="operator-fault"
      aria-invalid={isWrong}
    >
      <span id="operator" class="label">
        {say.operator}
      </span>
      <div class="tiles">
        {operators.map(({ nombre, moneda, disponible, motivo }, at) => {
          const float = held.find(({ nombre_operadora }) => nombre_operadora === nombre)
          return (
            <label key={nombre} class={disponible ? 'tile' : 'tile stopped'}>
              <input
                type="radio"
                name="operator"
                value={nombre}
                checked={nombre === chosen}
                aria-labelledby={`operator-${at}`}
                aria-describedby={`operator-state-${at}`}
                onChange={() => choose(nombre)}
              />
              <strong id={`operator-${at}`}>{nombre}</strong>
              <span id={`operator-state-${at}`}>
                {float === undefined
                  ? (whyUnread(shown) ?? say.noBalance)
                  : say.balance(money(float.saldo_actual, moneda))}
                {float?.saldo_bajo === true && `, ${say.low}`}
                {!disponible && motivo !== null && `. ${motivo}`}
              </span>
            </label>
          )
        })}
      </div>
      <p id="operator-fault" class="fault">
        {isWrong ? say.chooseOperator : ''}
      </p>
    </div>
  )
}
