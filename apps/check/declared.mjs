/** The services' declarations of their settings, as they are built: documents and the chart's schema follow from them. */
import { partitionCount } from '../../packages/contracts/dist/index.js'
import { commonSettings } from '../../packages/runtime/dist/index.js'
import { GatewaySettings } from '../../services/api-gateway/dist/config.js'
import { AdapterSettings } from '../../services/carrier-adapter/dist/config.js'
import { Settings as LedgerSettings } from '../../services/ledger/dist/config.js'

export const declared = {
  common: commonSettings,
  services: {
    gateway: GatewaySettings.shape,
    ledger: LedgerSettings.shape,
    adapter: AdapterSettings.shape,
  },
  partitions: partitionCount,
}
