export * from './metrics-document.ts'
export * from './routes-of.ts'
