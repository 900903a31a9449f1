import { clockOffsetMs, isClockWrong } from '../api/connection.ts'
import { words } from './words.ts'

const minuteMs = 60_000

/** Tells that the screen shows the present, or that it cannot. */
export const LiveMark = ({ isLive }: { readonly isLive: boolean }) => {
  const say = words.value
  const text = isLive ? say.live : say.offline
  return (
    <p role="status" aria-label={text} class={isLive ? 'live' : 'live lost'}>
      <span aria-hidden="true">●</span> {text}
    </p>
  )
}

export const ClockNotice = () => {
  const offset = clockOffsetMs.value
  if (!isClockWrong(offset)) return null
  return (
    <p role="alert" class="notice">
      {words.value.clock(Math.round(offset / minuteMs))}
    </p>
  )
}
