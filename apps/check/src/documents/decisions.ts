/** A file of docs/adr. */
export type Decision = { readonly name: string; readonly text: string }

const parts = ['Status', 'Context', 'Decision', 'Alternatives', 'Consequences'] as const

const titleOf = ({ text }: Decision): string => /^# \d{4} (.+)$/m.exec(text)?.[1] ?? ''

const partOf = ({ text }: Decision, part: string): string =>
  (text.split(`\n## ${part}\n`)[1] ?? '').split(/^## /m)[0]?.trim() ?? ''

/** Differences of a decision from the one form: number, title and five parts in order, and a status that names its successor. */
export const decisionProblems = (
  decision: Decision,
  names: readonly string[],
): readonly string[] => {
  const { name, text } = decision
  const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)
  const status = partOf(decision, 'Status')
  const successor = /^Superseded by \[\d{4}\]\((\S+)\)/.exec(status)?.[1]
  const links = [...text.matchAll(/\]\((\d{4}-[^)#]+)\)/g)].map(([, link = '']) => link)
  return [
    ...(text.startsWith(`# ${name.slice(0, 4)} `)
      ? []
      : ['its title does not begin with its number']),
    ...(headings.join() === parts.join() ? [] : [`its parts are ${headings.join(', ')}`]),
    ...parts.flatMap((part) => (partOf(decision, part) === '' ? [`${part} is empty`] : [])),
    ...(/^Accepted\b/.test(status) || (successor !== undefined && successor > name)
      ? []
      : ['its status is neither accepted nor superseded by a later one']),
    ...links.filter((link) => !names.includes(link)).map((link) => `${link} is missing`),
  ]
}

const about = `# Decisions

For developers: each file states one decision that the code alone does not explain. Its parts are Status, Context, Decision, Alternatives
and Consequences. A superseded one stays and says by which; a new one takes the next number. This index is made by
\`npm run documents\`; a test holds the form and the index.

| no. | decision | status |
| --- | --- | --- |
`

/** The text of docs/adr/README.md. */
export const decisionIndex = (decisions: readonly Decision[]): string =>
  about +
  decisions
    .map((decision) => {
      const number = decision.name.slice(0, 4)
      const successor = /^Superseded by \[(\d{4})\]/.exec(partOf(decision, 'Status'))?.[1]
      const status = successor === undefined ? 'accepted' : `superseded by ${successor}`
      return `| [${number}](${decision.name}) | ${titleOf(decision)} | ${status} |\n`
    })
    .join('')
