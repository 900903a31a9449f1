import { useSignal } from '@preact/signals'
import { Field } from '../forms/field.tsx'
import { useFields } from '../forms/use-fields.ts'
import { Modal } from '../mi-caja/modal.tsx'
import { operation as resource, settleGroup, type Settled, type Verb } from './reads.ts'
import { seenGroup, sizeOf, type Operation, type SeenGroup } from './state.ts'
import { words } from './words.ts'

type Decision = { readonly verb: Verb; readonly group: SeenGroup }

/** The messages that no service could take, in groups; each action names its size before the press. */
export const Quarantine = ({ operation }: { readonly operation: Operation }) => {
  const say = words.value
  const decision = useSignal<Decision | null>(null)
  const outcome = useSignal<Settled | null>(null)
  const groups = operation.cuarentena?.grupos ?? []
  const decide = (verb: Verb, group: (typeof groups)[number]) => {
    outcome.value = null
    decision.value = { verb, group: seenGroup(group, operation) }
  }
  return (
    <section aria-labelledby="quarantine">
      <h2 id="quarantine">{say.quarantine}</h2>
      <p>{groups.length === 0 ? say.empty : say.quarantineHelp}</p>
      <p role="status" aria-label={say.quarantine}>
        {outcome.value === null ? '' : outcomeText(outcome.value)}
      </p>
      <ul aria-labelledby="quarantine">
        {groups.map((group) => {
          const of = say.of(group.tipo_mensaje, group.cola)
          const size = say.messages(sizeOf(group))
          const action = (verb: Verb, name: string) => (
            <button
              type="button"
              aria-label={`${name}: ${group.causa}, ${of}`}
              onClick={() => decide(verb, group)}
            >
              {name}
            </button>
          )
          return (
            <li key={`${group.causa} ${of}`}>
              <strong>{group.causa}</strong> {of}: {say.messages(group.cantidad)}
              <div class="row">
                {action('reenviar', say.replay(size))}
                {action('descartar', say.discard(size))}
              </div>
            </li>
          )
        })}
      </ul>
      {decision.value !== null && (
        <DecisionDialog
          {...decision.value}
          done={(settled) => (outcome.value = settled)}
          close={() => (decision.value = null)}
        />
      )}
    </section>
  )
}

const outcomeText = ({ hechas, dejadas, quedan }: Settled): string =>
  [
    words.value.done(hechas, quedan),
    ...dejadas.map(({ id, motivo }) => `${id.slice(0, 8)}: ${motivo ?? '–'}`),
  ].join(' ')

type DialogProps = Decision & {
  readonly done: (settled: Settled) => void
  readonly close: () => void
}

const noteMin = 3

const DecisionDialog = ({ verb, group, done, close }: DialogProps) => {
  const say = words.value
  const { form, field } = useFields({ note: '' })
  const size = sizeOf(group)
  const name = (verb === 'reenviar' ? say.replay : say.discard)(say.messages(size))
  const submit = async () => {
    const nota = form.note.trim()
    if (nota.length < noteMin) return say.noteMissing
    try {
      done(await settleGroup(verb, group, nota))
      return undefined
    } finally {
      await resource.refresh()
    }
  }
  return (
    <Modal title={name} confirm={name} submit={submit} close={close}>
      <p>
        {group.causa}, {say.of(group.tipo_mensaje, group.cola)}
      </p>
      {size < group.cantidad && <p>{say.oldestOf(size, group.cantidad)}</p>}
      <p>{verb === 'reenviar' ? say.replayHelp : say.discardHelp}</p>
      <Field {...field('note')} id="quarantine-note" label={say.note} />
    </Modal>
  )
}
