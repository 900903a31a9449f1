import { sellFor } from '../measure/load.ts'
import {
  spreadConnections,
  spreadMerchants,
  tenFloatsPath,
  warmUp,
  zipfPath,
} from '../measure/plan.ts'
import { measureInTurns, type Cell } from '../measure/rounds.ts'
import type { Bench, Outcome } from '../measure/scenario.ts'
import { byZipf, inTurn, openShops } from '../measure/shops.ts'
import { startWholePath } from '../measure/whole-path.ts'

export type SpreadFigures = { readonly cells: readonly Cell[] }

/** Our whole path on one float, on ten, and on a thousand of which few sell most. */
export const spreadOverFloats = async ({
  servers,
  plan,
  log,
}: Bench): Promise<Outcome<SpreadFigures>> => {
  const whole = await startWholePath(servers, { name: 'spread', merchants: spreadMerchants })
  try {
    log(`  opening ${spreadMerchants} shops …`)
    const gateway = { url: whole.stack.urls.gateway, jwtSecret: whole.stack.jwtSecret }
    const shops = await openShops(gateway, spreadMerchants)
    const paths = [
      whole,
      whole.selling(tenFloatsPath, inTurn(shops.slice(0, 10))),
      whole.selling(zipfPath, byZipf(shops)),
    ]
    await sellFor(whole.target, warmUp)
    await whole.settle()
    const turns = paths.map((path) => ({ path, connections: spreadConnections }))
    const cells = await measureInTurns(turns, { ...plan, log })
    return { figures: { cells }, verified: { whole: await whole.verify() } }
  } finally {
    await whole.stop()
  }
}
