import type { Stack } from '@recargas/stack/supervisor'
import { openShop } from '../till/shop.ts'
import { captureMessages } from '../trace/capture.ts'
import { followSales, type Followed } from '../trace/follow.ts'
import { sellTraced } from '../trace/sales.ts'

/** Sells, and looks for the one id of each sale's answer wherever the sale left a trace. */
export const traceSales = async (
  stack: Stack,
  amqpUrl: string,
  sales: number,
  onSold: (sold: number) => void,
): Promise<Followed> => {
  const gateway = { url: () => stack.urls.gateway, jwtSecret: stack.jwtSecret }
  const shop = await openShop(gateway, { cash: 2 * sales + 100, float: sales + 10 })
  const capture = await captureMessages(amqpUrl)
  try {
    const sold = await sellTraced(shop, sales, onSold)
    return await followSales(sold, capture.messages, stack)
  } finally {
    await capture.stop()
  }
}

export const isGoodCorrelation = ({ sales, linked }: Followed, wanted: number): boolean =>
  sales === wanted && linked === sales
