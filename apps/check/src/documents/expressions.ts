/** One expression of PromQL and where it stands. */
export type Expression = { readonly where: string; readonly text: string }

/** The expressions of a file of rules: `expr: …` on its line, or as a block below it. */
export const expressionsOf = (file: string, yaml: string): readonly Expression[] => {
  const lines = yaml.split('\n')
  return lines.flatMap((line, index) => {
    const found = /^( *)(?:- )?expr: (.*)$/.exec(line)
    if (found === null) return []
    const [, indent = '', rest = ''] = found
    const where = `${file}:${index + 1}`
    if (!/^[|>]-?$/.test(rest)) return [{ where, text: rest }]
    const below = lines.slice(index + 1)
    const end = below.findIndex((next) => !next.startsWith(`${indent} `))
    return [{ where, text: below.slice(0, end === -1 ? undefined : end).join('\n') }]
  })
}

const words = new Set(
  'and or unless on ignoring group_left group_right by without offset bool'.split(' '),
)

/** The metrics that an expression reads: its names without text, labels, functions, numbers and keywords. */
export const figuresIn = (expression: string): readonly string[] => {
  const bare = expression
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
    .replaceAll(/\{[^}]*\}/g, ' ')
    .replaceAll(/\[[^\]]*\]/g, ' ')
    .replaceAll(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ')
  const names = [...bare.matchAll(/(?<![\w:.])([a-zA-Z_:][\w:]*)(?!\s*\()\b(?![\w:]*\s*\()/g)]
  return [...new Set(names.map(([, name = '']) => name).filter((name) => !words.has(name)))]
}

/** The labels that an expression chooses or keeps. */
export const labelsIn = (expression: string): readonly string[] => {
  const bare = expression.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
  const chosen = [...bare.matchAll(/[{,]\s*(\w+)\s*(?:=~|!~|!=|=)\s*""/g)].map(
    ([, label = '']) => label,
  )
  const kept = [...bare.matchAll(/\bby\s*\(([^)]*)\)/g)].flatMap(([, labels = '']) =>
    labels.split(',').map((label) => label.trim()),
  )
  return [...new Set([...chosen, ...kept])].filter((label) => label !== '')
}
