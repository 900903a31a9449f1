import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '@recargas/stack/service-process'
import { z } from 'zod'

const Schemas = z.object({ schemas: z.record(z.string(), z.unknown()) })
const groups = ['keda.sh', 'monitoring.coreos.com']

/** KEDA's and the Prometheus operator's kinds as the gate of the chart has them, for the API server. */
export const operatorsKinds = (): readonly object[] => {
  const file = join(repository, 'apps/check/src/chart/crds.json')
  const { schemas } = Schemas.parse(JSON.parse(readFileSync(file, 'utf8')))
  return Object.entries(schemas).flatMap(([id, schema]) => {
    const [group = '', version = '', kind = ''] = id.split('/')
    return groups.includes(group) ? [definitionOf(group, version, kind, schema)] : []
  })
}

const definitionOf = (group: string, version: string, kind: string, schema: unknown) => {
  const plural = `${kind.toLowerCase()}s`
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: structural(schema) },
        },
      ],
    },
  }
}

/** The API server's own form: fields without a declaration are refused anyway, and a number or a text has a name. */
const structural = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(structural)
  if (typeof schema !== 'object' || schema === null) return schema
  if ('anyOf' in schema) return { 'x-kubernetes-int-or-string': true }
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([name, value]) => name !== 'additionalProperties' || value !== false)
      .map(([name, value]) => [name, structural(value)]),
  )
}
