import { valueIn } from '../api/resource.ts'
import { onSent } from '../forms/sent-form.tsx'
import { AmountField } from './amount-field.tsx'
import { BundleField, GoodsChoice } from './bundle-field.tsx'
import { NumberField } from './number-field.tsx'
import { OperatorTiles } from './operator-tiles.tsx'
import { recentSales } from './reads.ts'
import { useSale, type SaleProps } from './use-sale.ts'
import { words } from './words.ts'

/** The form of one sale: operator, number, and an amount or a package. */
export const SaleForm = (props: SaleProps) => {
  const say = words.value
  const recent = valueIn(recentSales.useShown()) ?? []
  const { fields, form, faults, operator, bundles, reason, change, submit } = useSale(props)
  return (
    <form ref={fields} onSubmit={onSent(submit)} noValidate>
      <OperatorTiles
        operators={props.operators}
        chosen={form.operator}
        choose={(name) => change({ operator: name, bundle: null })}
        isWrong={faults.operator !== null}
      />
      <NumberField
        number={form.number}
        fault={faults.number}
        operator={operator}
        change={(number) => change({ number })}
      />
      {form.bundle === null ? (
        <AmountField
          amount={form.amount}
          fault={faults.amount}
          operator={operator}
          recent={recent}
          isNewSale={form.number === ''}
          change={(amount) => change({ amount })}
        />
      ) : (
        <BundleField
          bundles={bundles}
          code={form.bundle}
          currency={operator?.moneda ?? null}
          isWrong={faults.amount !== null}
          choose={(bundle) => change({ bundle })}
        />
      )}
      {(form.bundle !== null || operator?.paquetes != null) && (
        <GoodsChoice
          isBundle={form.bundle !== null}
          choose={(isBundle) => change({ bundle: isBundle ? '' : null })}
        />
      )}
      <button class="first" aria-disabled={reason !== null} aria-describedby="why-not">
        {say.charge}
      </button>
      <p id="why-not">{reason ?? ''}</p>
    </form>
  )
}
