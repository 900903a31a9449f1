import { useSignal, type Signal } from '@preact/signals'

/** Names of the fields that hold any text. */
type TextOf<Form> = {
  [Name in keyof Form]: string extends Form[Name] ? Name : never
}[keyof Form]

/** The fields of a form as they are filled in. A draft outlives the component. */
export const useFields = <Form extends object>(empty: Form, draft?: Signal<Form>) => {
  const own = useSignal(empty)
  const form = draft ?? own
  const change = (changes: Partial<Form>) => (form.value = { ...form.value, ...changes })
  return {
    form: form.value,
    change,
    clear: () => (form.value = empty),
    /** Value of one text and its change, for a `Field`. */
    field: (name: TextOf<Form>) => ({
      value: form.value[name] as string,
      change: (text: string) => change({ [name]: text } as Partial<Form>),
    }),
  }
}
