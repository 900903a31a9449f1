import type { Bounds } from '../runner/judge.ts'
import { experiment } from '../runner/experiment.ts'
import { say } from '../runner/report.ts'
import { quiet } from '../runner/system.ts'
import { hitEveryPoint, hurried, type Matrix } from './hit-points.ts'

const timesInARow = 2

export const crashMatrix = experiment({
  description:
    'every service killed at the first and second passing of each crash point, under sales',
  onlyNamed: true,
  env: {
    ledger: { ...quiet.ledger, ...hurried.ledger },
    gateway: { ...quiet.gateway, ...hurried.gateway },
    adapter: { ...quiet.adapter, ...hurried.adapter },
  },
  load: (system) => Promise.resolve(system),
  faults: (system) =>
    hitEveryPoint(system, timesInARow, (point, tookMs) =>
      say(`${point}: ${Math.round(tookMs)} ms`),
    ),
  judge: (matrix) => ({ runs: { 'crash matrix': matrix }, bounds: boundsOfMatrix(matrix) }),
  report: (runs) => {
    const { hits, ...counts } = runs['crash matrix'] as Matrix
    console.table({ hits: hits.length, ...counts })
  },
})

/** Every sale has ended, and the crashes have left nothing behind. */
const boundsOfMatrix = (matrix: Matrix): Bounds => ({
  'every sale ends': matrix.open === 0 && matrix.sold + matrix.refused === matrix.sales,
  'no sale is called too often': matrix.calledTooOften === 0,
  'nothing stays reserved': matrix.reserved === 0,
  'the drawer holds what was sold': matrix.drawerOff === 0,
  'each difference has its case': matrix.cases === matrix.differences,
})
