import { useSignal } from '@preact/signals'
import { isExpired, signIn } from './session.ts'
import { words } from './words.ts'

/** Asks for a token: alone on the page before the first one, above the screen when it has expired. */
export const SignIn = () => {
  const text = useSignal('')
  const isWrong = useSignal(false)
  const say = words.value
  const submit = (event: Event) => {
    event.preventDefault()
    // A whole address is taken too: the token is behind the last '='.
    isWrong.value = !signIn(text.value.slice(text.value.lastIndexOf('=') + 1))
    if (!isWrong.value) text.value = ''
  }
  return (
    <section class="notice" aria-labelledby="sign-in">
      <h2 id="sign-in">{say.title}</h2>
      <p role="alert">{isExpired.value ? say.expired : say.explanation}</p>
      <form onSubmit={submit}>
        <label for="access-code">{say.code}</label>
        <input
          id="access-code"
          type="password"
          autocomplete="off"
          required
          value={text.value}
          aria-invalid={isWrong.value}
          aria-describedby="access-code-fault"
          onInput={(event) => (text.value = event.currentTarget.value)}
        />
        <p id="access-code-fault" class="fault">
          {isWrong.value ? say.invalid : ''}
        </p>
        <button>{say.enter}</button>
      </form>
    </section>
  )
}
