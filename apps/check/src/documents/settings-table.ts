import type { z } from 'zod'

/** One setting as docs/operating.md describes it. */
type SettingRow = { readonly name: string; readonly value: string; readonly meaning: string }

/** The rows of the table below a heading of docs/operating.md. */
export const settingRows = (document: string, heading: string): readonly SettingRow[] => {
  const [, section = ''] = document.split(`### ${heading}\n`)
  const [own = ''] = section.split(/^#/m)
  return [...own.matchAll(/^\| `([A-Z_]+)`\s*\|([^|]*)\|([^|]*)\|/gm)].map(
    ([, name = '', value = '', meaning = '']) => ({
      name,
      value: value.trim().replaceAll('`', ''),
      meaning: meaning
        .trim()
        .replaceAll('`', '')
        .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1'),
    }),
  )
}

/** The default as the environment would give it; `required` where the service does not start without a value. */
const defaultOf = (setting: z.ZodType): string => {
  const parsed = setting.safeParse(undefined)
  if (!parsed.success) return 'required'
  if (parsed.data === undefined) return ''
  return Array.isArray(parsed.data) ? parsed.data.join(',') : `${parsed.data as string | number}`
}

/** Name and default of each setting of a schema, but for those that another schema has. */
export const defaultsOf = (
  shape: Readonly<Record<string, z.ZodType>>,
  without: object = {},
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(shape)
      .filter(([name]) => !(name in without))
      .map(([name, setting]) => [name, defaultOf(setting)]),
  )
