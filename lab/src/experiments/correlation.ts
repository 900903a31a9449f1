import { unlimitedRates } from '@recargas/stack/supervisor'
import { progress } from '../runner/report.ts'
import { openShop } from '../till/shop.ts'
import { captureMessages } from '../trace/capture.ts'
import { followSales } from '../trace/follow.ts'
import { sellTraced } from '../trace/sales.ts'
import { experiment } from '../runner/experiment.ts'

/** Looks for the one id of each sale's answer wherever the sale left a trace. */
export const correlation = experiment({
  description:
    'one id in the answer, the logs, the messages, the attempt and the entries of each sale',
  env: { gateway: unlimitedRates },
  load: async (system, { sales }) => {
    const shop = await openShop(system.gateway, { cash: 2 * sales + 100, float: sales + 10 })
    return captureMessages(system.amqpUrl, async (messages) => {
      const sold = await sellTraced(shop, sales, (count) => progress(`sold: ${count}/${sales}`))
      return followSales(sold, messages, system)
    })
  },
  judge: (found, _, { sales }) => ({
    runs: { correlation: found },
    bounds: {
      'every sale is followed': found.sales === sales,
      'every sale is linked at every place': found.linked === found.sales,
    },
  }),
})
