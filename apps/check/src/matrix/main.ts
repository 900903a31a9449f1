import { matrixProgram } from './program.ts'

/** `npm run test:matrix`: see its --help. */
await matrixProgram().parseAsync()
