import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { access, beginSignIn } from './access.ts'
import { onSent } from '../forms/sent-form.tsx'
import { askForIssuer, issuer, type Issuer } from './issuer.ts'
import { isExpired, signIn } from '../session/session.ts'
import { words } from './words.ts'

/** Asks for the person: alone on the page before the first token, above the screen when it has expired. */
export const SignIn = () => {
  const say = words.value
  const found = issuer.value
  useEffect(askForIssuer, [])
  return (
    <section class="notice" aria-labelledby="sign-in">
      <h2 id="sign-in">{say.title}</h2>
      {isExpired.value && <p role="alert">{say.expired}</p>}
      {found === null && <CodeForm />}
      {found !== null && found !== undefined && <AtIssuer issuer={found} />}
    </section>
  )
}

/** The issuer asks for name and password; this page never sees them. */
const AtIssuer = ({ issuer: asked }: { readonly issuer: Issuer }) => {
  const say = words.value
  const { value: now } = access
  const isWorking = now.kind === 'working'
  return (
    <>
      <p role="status" aria-labelledby="sign-in">
        {now.kind === 'failed' ? say[now.fault] : isWorking ? say.working : say.atIssuer}
      </p>
      <button
        type="button"
        class="first"
        aria-disabled={isWorking}
        onClick={() => {
          if (!isWorking) void beginSignIn(asked)
        }}
      >
        {say.start}
      </button>
    </>
  )
}

const CodeForm = () => {
  const text = useSignal('')
  const isWrong = useSignal(false)
  const say = words.value
  const submit = () => {
    // A whole address is taken too: the token is behind the last '='.
    isWrong.value = !signIn(text.value.slice(text.value.lastIndexOf('=') + 1))
    if (!isWrong.value) text.value = ''
  }
  return (
    <form onSubmit={onSent(submit)}>
      {!isExpired.value && <p>{say.explanation}</p>}
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
  )
}
