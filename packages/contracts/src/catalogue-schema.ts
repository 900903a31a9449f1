import { z } from 'zod'
import { Catalogue } from './catalogue.ts'

/** The JSON Schema of the catalogue file, for editors; catalogue.schema.json is written from it. */
export const catalogueJsonSchema = (): object => ({
  ...z.toJSONSchema(Catalogue, { io: 'input', target: 'draft-7' }),
  title: 'Recargas: the catalogue, what each shop sells',
})
