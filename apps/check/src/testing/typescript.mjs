import { register } from 'node:module'

/** Imported first, it lets a plain Node run this repository's TypeScript from its source. */
register('./typescript-source.mjs', import.meta.url)
