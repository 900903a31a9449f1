import { gatewayRoutes } from '../routes.ts'
import { openApiDocument } from './document.ts'

/** Prints this version's document without a gateway that runs. What routes need to answer is never asked for. */
const routes = gatewayRoutes({ reads: {} } as Parameters<typeof gatewayRoutes>[0])
process.stdout.write(`${JSON.stringify(openApiDocument(routes), null, 2)}\n`)
