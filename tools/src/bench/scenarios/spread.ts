import { sellFor } from '../load.ts'
import { spreadConnections, warmUp } from '../plan.ts'
import { measureInTurns, type Cell } from '../rounds.ts'
import type { Bench, Outcome } from '../scenario.ts'
import { byZipf, inTurn, openShops } from '../shops.ts'
import { startWholePath } from '../whole-path.ts'

export type SpreadFigures = { readonly cells: readonly Cell[] }

/** Our whole path on one float, on ten, and on a thousand of which few sell most. */
export const spreadOverFloats = async ({
  servers,
  plan,
  log,
}: Bench): Promise<Outcome<SpreadFigures>> => {
  const { merchants } = plan
  const whole = await startWholePath(servers, { name: 'spread', merchants })
  try {
    log(`  opening ${merchants} shops …`)
    const gateway = { url: whole.stack.urls.gateway, jwtSecret: whole.stack.jwtSecret }
    const shops = await openShops(gateway, merchants)
    const paths = [
      whole,
      whole.selling('ten floats', inTurn(shops.slice(0, 10))),
      whole.selling(`Zipf ${merchants}`, byZipf(shops)),
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
