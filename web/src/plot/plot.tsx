import { useEffect, useRef } from 'preact/hooks'
import { language } from '../language/language.ts'
import type { PlotData } from './draw.ts'

type Props = {
  /** Tells a screen reader what is drawn; the figures stand beside it as text. */
  readonly label: string
  readonly data: PlotData
}

/** A plot whose code is loaded when one is on the screen for the first time. Without it, the figures beside it tell the same. */
export const Plot = ({ label, data }: Props) => {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = place.current
    let isOver = false
    let end: (() => void) | null = null
    import('./draw.ts').then(
      ({ draw }) => {
        if (!isOver && element !== null) end = draw(element, data)
      },
      () => undefined,
    )
    return () => {
      isOver = true
      end?.()
    }
  }, [data.kind, data.xs.join(' '), data.ys.join(' '), language.value])
  return <div ref={place} role="img" aria-label={label} class="plot" />
}
