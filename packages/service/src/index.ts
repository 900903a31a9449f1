export * from './config.ts'
export * from './log.ts'
export * from './ops-routes.ts'
export * from './run.ts'
