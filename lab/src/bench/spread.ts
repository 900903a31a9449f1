import { byZipf, inTurn } from '../runner/load.ts'
import { say } from '../runner/report.ts'
import { runScenario } from '../runner/scenario.ts'
import { openShops } from '../runner/shops.ts'
import { spreadConnections, spreadMerchants, tenFloatsPath, zipfPath } from './plan.ts'
import { printCells } from './print-results.ts'
import { measureInTurns, warm } from './rounds.ts'
import type { Bench } from './scenario.ts'
import { startWholePath } from './whole-path.ts'

/** Our whole path on one float, on ten, and on a thousand of which few sell most. */
export const spreadOverFloats = ({ servers, plan }: Bench) =>
  runScenario({
    stack: () => startWholePath(servers, { name: 'spread', merchants: spreadMerchants }),
    load: async (whole) => {
      say(`  opening ${spreadMerchants} shops …`)
      const shops = await openShops(whole.system.gateway, spreadMerchants)
      const paths = [
        whole,
        whole.selling(tenFloatsPath, inTurn(shops.slice(0, 10))),
        whole.selling(zipfPath, byZipf(shops)),
      ]
      await warm(whole)
      const turns = paths.map((path) => ({ path, connections: spreadConnections }))
      return { cells: await measureInTurns(turns, plan) }
    },
    judge: async (figures, whole) => ({
      figures,
      ledgers: { whole: await whole.verify() },
    }),
    report: ({ cells }) => printCells('one float, ten, a thousand by Zipf', cells),
  })
