import { valueIn, type Shown } from '../api/resource.ts'
import { whyUnread } from '../api/why-unread.ts'
import { Choice } from '../forms/choice.tsx'
import { money } from '../language/format.ts'
import type { Bundle } from './reads.ts'
import { words } from './words.ts'

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
  readonly bundles: Shown<readonly Bundle[]>
  readonly code: string
  readonly currency: string | null
  readonly isWrong: boolean
  readonly choose: (code: string) => void
}

/** One list of the operator's packages with their prices. */
export const BundleField = ({ bundles, code, currency, isWrong, choose }: Props) => {
  const say = words.value
  const offered = valueIn(bundles) ?? []
  const chosen = offered.find(({ codigo }) => codigo === code)
  return (
    <>
      <Choice
        id="amount"
        label={say.bundle}
        none={whyUnread(bundles) ?? say.chooseBundle}
        options={offered.map(({ codigo, nombre, precio }) => [
          codigo,
          `${nombre} · ${money(precio, currency)}`,
        ])}
        value={chosen?.codigo ?? ''}
        aria-invalid={isWrong}
        aria-describedby="amount-help amount-fault"
        change={choose}
      />
      <p id="amount-help">
        {chosen === undefined ? '' : `${chosen.descripcion} ${chosen.vigencia}`}
      </p>
      <p id="amount-fault" class="fault">
        {isWrong ? say.chooseBundle : ''}
      </p>
    </>
  )
}
