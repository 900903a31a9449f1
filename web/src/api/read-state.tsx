import { time } from '../language/format.ts'
import { sentenceOf } from './answer.ts'
import { isReachable } from './connection.ts'
import type { Shown } from './resource.ts'
import { words } from './words.ts'

/** Tells a value that stands on the screen although a later read failed, or nothing answers. */
export const isOldValue = (shown: Shown<unknown>): boolean =>
  shown.state === 'shown' && (shown.failure !== null || !isReachable.value)

/** The line above a value that is still read, could not be read, or is old; nothing above one that is fresh. */
export const ReadState = ({ shown }: { readonly shown: Shown<unknown> }) => {
  const say = words.value
  switch (shown.state) {
    case 'loading':
      return <p>{say.loading}</p>
    case 'failed':
      return <p role="alert">{sentenceOf(shown.failure)}</p>
    case 'shown':
      return isOldValue(shown) ? <p class="old">{say.asOf(time(shown.at))}</p> : null
  }
}
