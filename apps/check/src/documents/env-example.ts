import { defaultsOf, settingRows } from './settings-table.ts'

type Shape = Parameters<typeof defaultsOf>[0]

/** The schemas of the settings, by the headings of docs/operating.md. */
export type ServiceSettings = {
  readonly common: Shape
  readonly services: Readonly<Record<string, Shape>>
}

const about = `# Every setting of the services, with its default. Made by \`npm run documents\` from their schemas; a test holds it equal.
# Each service reads an environment of its own: the first part and the part of that service.
#   node --env-file=ledger.env services/ledger/dist/main.js
# Without a value the lines that begin with a name must be filled in; the others show their defaults. NAME_FILE names a
# file that holds the value. \`npm start\` needs none of it.
`

/** The text of .env.example; the sentences are those of docs/operating.md. */
export const envExample = ({ common, services }: ServiceSettings, document: string): string => {
  const parts: readonly (readonly [string, Shape, object])[] = [
    ['Every service', common, {}],
    ...Object.entries(services).map(([name, shape]) => [name, shape, common] as const),
  ]
  return [
    about,
    ...parts.map(([heading, shape, without]) => {
      const meanings = new Map(
        settingRows(document, heading).map(({ name, meaning }) => [name, meaning]),
      )
      const lines = Object.entries(defaultsOf(shape, without)).map(([name, value]) => {
        const line = value === 'required' ? `${name}=` : `#${name}=${value}`
        return `# ${meanings.get(name) ?? ''}\n${line}\n`
      })
      return `# ---- ${heading} ----\n\n${lines.join('')}`
    }),
  ].join('\n')
}
