import { words } from './words.ts'

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
