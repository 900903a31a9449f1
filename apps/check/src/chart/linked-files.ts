import { basename } from 'node:path'
import { filesIn } from '../repository-files.ts'

/** A file that the chart has a copy of: Helm reads no file outside of a chart. */
export type LinkedFile = { readonly source: string; readonly copy: string }

const files = 'ops/helm/recargas/files'

/** The alerts of ops/prometheus, and the rights of the services' users. */
export const linkedFiles = (): readonly LinkedFile[] => [
  ...filesIn('ops/prometheus/rules').map((source) => ({
    source,
    copy: `${files}/rules/${basename(source)}`,
  })),
  ...['mongodb', 'rabbitmq'].map((server) => ({
    source: `ops/${server}/rights.json`,
    copy: `${files}/rights/${server}.json`,
  })),
]
