import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { money } from '../language/format.ts'
import { readBundles, type Bundle, type Operator } from './reads.ts'
import { words } from './words.ts'

/** The packages of the chosen operator; none while they are read, or where the shop sells none. */
export const useBundles = (operator: Operator | undefined): readonly Bundle[] => {
  const bundles = useSignal<readonly Bundle[]>([])
  const name = operator?.paquetes == null ? null : operator.nombre
  useEffect(() => {
    let isOver = false
    bundles.value = []
    if (name === null) return
    readBundles(name).then(
      (read) => {
        if (!isOver) bundles.value = read
      },
      // Plain top-ups are sold without the list.
      () => undefined,
    )
    return () => {
      isOver = true
    }
  }, [name])
  return bundles.value
}

/** Below the amount, so that the keyboard's way leads from the number to it. */
export const GoodsChoice = ({
  isBundle,
  choose,
}: {
  readonly isBundle: boolean
  readonly choose: (isBundle: boolean) => void
}) => (
  <label>
    <input
      type="checkbox"
      checked={isBundle}
      onChange={(event) => choose(event.currentTarget.checked)}
    />{' '}
    {words.value.sellBundle}
  </label>
)

type Props = {
  readonly bundles: readonly Bundle[]
  readonly code: string
  readonly currency: string | null
  readonly isWrong: boolean
  readonly choose: (code: string) => void
}

/** One list of the operator's packages with their prices. */
export const BundleField = ({ bundles, code, currency, isWrong, choose }: Props) => {
  const say = words.value
  const chosen = bundles.find(({ codigo }) => codigo === code)
  return (
    <>
      <label for="amount">{say.bundle}</label>
      <select
        id="amount"
        value={code}
        aria-invalid={isWrong}
        aria-describedby="amount-help amount-fault"
        onChange={(event) => choose(event.currentTarget.value)}
      >
        <option value="">{say.chooseBundle}</option>
        {bundles.map(({ codigo, nombre, precio }) => (
          <option key={codigo} value={codigo}>
            {nombre} · {money(precio, currency)}
          </option>
        ))}
      </select>
      <p id="amount-help">
        {chosen === undefined ? '' : `${chosen.descripcion} ${chosen.vigencia}`}
      </p>
      <p id="amount-fault" class="fault">
        {isWrong ? say.chooseBundle : ''}
      </p>
    </>
  )
}
