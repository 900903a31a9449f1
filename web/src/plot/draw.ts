import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'

export type PlotData = {
  readonly kind: 'steps' | 'bars'
  /** Ascending: seconds since 1970 for steps, whole numbers such as hours for bars. */
  readonly xs: readonly number[]
  readonly ys: readonly number[]
  readonly nameOfX: (x: number) => string
  readonly nameOfY: (y: number) => string
}

const height = 220
const ink = '#1c2321'
const line = '#b9c5c0'
const first = '#0b5d4d'
const barWidth = 0.7
const barWidthMaxPx = 60

/** Draws into an element, as wide as it is. @returns the end of it */
export const draw = (place: HTMLElement, data: PlotData): (() => void) => {
  const chart = new UPlot(optionsOf(data, place.clientWidth), [[...data.xs], [...data.ys]], place)
  const watch = new ResizeObserver(() => chart.setSize({ width: place.clientWidth, height }))
  watch.observe(place)
  return () => {
    watch.disconnect()
    chart.destroy()
  }
}

const optionsOf = (data: PlotData, width: number): UPlot.Options => {
  const isBars = data.kind === 'bars'
  const paths = isBars
    ? UPlot.paths.bars?.({ size: [barWidth, barWidthMaxPx] })
    : UPlot.paths.stepped?.({ align: 1 })
  const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } }
  return {
    width,
    height,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: !isBars, ...(isBars ? { range: barRange } : {}) },
      y: { range: { min: { soft: 0, mode: 1 }, max: { pad: 0.1 } } },
    },
    axes: [
      {
        ...axis,
        ...(isBars ? { incrs: [1, 2, 3, 4, 6, 12] } : {}),
        space: isBars ? 60 : 120,
        values: (_, splits) => splits.map(data.nameOfX),
      },
      { ...axis, size: 80, values: (_, splits) => splits.map(data.nameOfY) },
    ],
    series: [
      {},
      {
        stroke: first,
        width: 2,
        points: { show: false },
        ...(isBars ? { fill: first } : {}),
        ...(paths === undefined ? {} : { paths }),
      },
    ],
  }
}

/** The first and the last bar stand whole in the plot. */
const barRange: UPlot.Range.Function = (_, least, most) => [least - 0.5, most + 0.5]
