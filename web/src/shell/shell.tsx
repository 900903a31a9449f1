import { useEffect, useRef } from 'preact/hooks'
import { isReachable } from '../api/connection.ts'
import { valueIn } from '../api/resource.ts'
import { shop } from '../api/shop.ts'
import { timeZone } from '../language/format.ts'
import { language, languageNames, languages, speak } from '../language/language.ts'
import { leave } from '../access/access.ts'
import { SignIn } from '../access/sign-in.tsx'
import { isExpired, person } from '../session/session.ts'
import { ClockNotice, LiveMark } from './connection-state.tsx'
import { path } from './route.ts'
import { screenAt, type Screen } from './screen.ts'
import { words } from './words.ts'

/** The frame of every screen: navigation, live mark, language, and the one screen that the address names. */
export const Shell = ({ screens }: { readonly screens: readonly Screen[] }) => {
  const say = words.value
  const someone = person.value
  const { shown, offered } =
    someone === null ? { shown: null, offered: [] } : screenAt(screens, path.value, someone)
  const title = shown?.title() ?? say.product
  useEffect(() => {
    document.documentElement.lang = language.value
    document.title = `${title} · ${say.product}`
  }, [title, language.value])
  return (
    <>
      <a class="skip" href="#content" onClick={skipTo}>
        {say.skip}
      </a>
      <header>
        <strong>{say.product}</strong>
        <nav aria-label={say.screens}>
          {offered.map((screen) => (
            <a
              key={screen.path}
              href={`#/${screen.path}`}
              aria-current={screen === shown ? 'page' : undefined}
            >
              {screen.title()}
            </a>
          ))}
        </nav>
        <LiveMark isLive={isReachable.value} />
        <Languages />
        {someone !== null && (
          <span>
            {someone.name} <button onClick={() => void leave()}>{say.leave}</button>
          </span>
        )}
      </header>
      <main id="content" tabIndex={-1}>
        {shown === null && <h1>{say.product}</h1>}
        <ClockNotice />
        {(someone === null || isExpired.value) && <SignIn />}
        {someone !== null && shown === null && <p>{say.nothing}</p>}
        {shown !== null && <Framed key={shown.path} screen={shown} />}
      </main>
      <ShopZone />
    </>
  )
}

/** A link to a fragment would change the path of the screen. */
const skipTo = (event: Event) => {
  event.preventDefault()
  document.getElementById('content')?.focus()
}

let isFirstScreen = true

/** A changed screen takes the focus to its heading, so that a screen reader names it. */
const Framed = ({ screen: { title, Content } }: { readonly screen: Screen }) => {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (!isFirstScreen) heading.current?.focus()
    isFirstScreen = false
  }, [])
  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        {title()}
      </h1>
      <Content />
    </>
  )
}

/** Tells the zone of the shop of the person signed in to everything that shows a time. */
const ShopZone = () => {
  const zone = valueIn(shop.useShown())?.zona_horaria ?? null
  useEffect(() => {
    timeZone.value = zone
  }, [zone])
  return null
}

const Languages = () => (
  <label>
    <span class="hidden">{words.value.language}</span>
    <select
      value={language.value}
      onChange={({ currentTarget }) => {
        const chosen = languages.find((each) => each === currentTarget.value)
        if (chosen !== undefined) speak(chosen)
      }}
    >
      {languages.map((each) => (
        <option key={each} value={each} lang={each}>
          {languageNames[each]}
        </option>
      ))}
    </select>
  </label>
)
