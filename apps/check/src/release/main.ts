import { releaseProgram } from './program.ts'

/** `npm run release`: see its --help and docs/releasing.md. */
await releaseProgram().parseAsync()
