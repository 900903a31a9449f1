import { writeFileSync } from 'node:fs'
import { catalogueJsonSchema } from '@recargas/contracts'
import { repository } from './service-process.ts'

writeFileSync(
  `${repository}catalogue.schema.json`,
  `${JSON.stringify(catalogueJsonSchema(), null, 2)}\n`,
)
