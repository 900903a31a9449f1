import { isReachable } from '../api/connection.ts'
import { words } from './words.ts'

/** Tells that the screen shows the present, or that it cannot. */
export const LiveMark = () => {
  const say = words.value
  const text = isReachable.value ? say.live : say.offline
  return (
    <p role="status" aria-label={text} class={isReachable.value ? 'live' : 'live lost'}>
      <span aria-hidden="true">●</span> {text}
    </p>
  )
}
