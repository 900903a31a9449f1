import { describe, expect, it } from '@jest/globals'
import { filesUnder, textOf } from '../repository-files.ts'
import {
  countWords,
  cutHashed,
  cutScript,
  headingsIn,
  namesIn,
  riddlesIn,
  sentencesIn,
  type Cut,
} from './words.ts'

const script = /\.(?:tsx?|mts|js|mjs|cjs)$/
const hashed = /(?:\.(?:ya?ml|sh|toml)|Dockerfile)$/

const cuts: ReadonlyMap<string, Cut> = new Map(
  filesUnder('.').flatMap((file): [string, Cut][] => {
    if (!script.test(file) && !hashed.test(file)) return []
    const source = textOf(file)
    if (source.startsWith('// Made by ')) return []
    return [[file, script.test(file) ? cutScript(file, source) : cutHashed(source)]]
  }),
)

/** Names that the house replaced by the field's own. */
const replacedNames = [
  'PlacedEntry',
  'RunBook',
  'SalesBook',
  'SellingBook',
  'SellingGate',
  'Intake',
  'intakeOf',
  'wantedBy',
  'absorb',
  'KeptOutcome',
  'GatewayNews',
  'hearNews',
  'sealCommand',
  'SealedCommand',
  'Performed',
  'createPerform',
  'Presence',
  'createPresence',
  'followPulses',
  'ServicePulse',
  'runPulse',
  'sendPulse',
  'startAside',
  'startUnderGuard',
  'createRequireTold',
  'ToldReply',
  'sayKept',
  'unsaidMax',
  'createCoalescer',
  'Fate',
  'Told',
  'ItemFate',
  'CommandContent',
]

describe('the words of the tree', () => {
  it('begins no comment, error or log line with What, Who, Whether, Whose, Which, Where, Of, How or Why', () => {
    const riddles = [...cuts].flatMap(([file, { comments, messages }]) =>
      riddlesIn([...comments, ...messages]).map((line) => `${file}:${line}`),
    )
    expect(riddles).toEqual([])
  })

  it('begins no heading of docs/ and no sentence of a page with such a word', () => {
    const pages = filesUnder('.').filter(
      (file) => /(?<!\.es)\.md$/.test(file) && !file.includes('/es/'),
    )
    const riddles = pages.flatMap((page) => {
      const text = textOf(page)
      const headings = page.startsWith('docs/') ? headingsIn(text) : []
      return riddlesIn([...headings, ...sentencesIn(text)]).map((line) => `${page}:${line}`)
    })
    expect(pages.length).toBeGreaterThan(100)
    expect(riddles).toEqual([])
  })

  it('writes at most 8 of what, who, whose and whether in 1,000 words of comments', () => {
    const { all, vague } = countWords([...cuts.values()].flatMap(({ comments }) => comments))
    expect(all).toBeGreaterThan(30_000)
    expect((vague / all) * 1_000).toBeLessThanOrEqual(8)
  })

  it('uses no name that was replaced', () => {
    const used = [...cuts].flatMap(([file, cut]) =>
      namesIn(cut, replacedNames).map((found) => `${file}:${found}`),
    )
    expect(used).toEqual([])
  })
})

describe('the reading of a source', () => {
  const cut = cutScript(
    'a.ts',
    'const a = `// What` // Who\n/**\n * Of it\n */\nconst b = /[/]* How */\n',
  )

  it('finds every comment with its line, and none in a string, a template or a regular expression', () => {
    expect(cut.comments).toEqual([
      { line: 1, text: 'Who' },
      { line: 2, text: 'Of it' },
    ])
    expect(riddlesIn(cut.comments)).toEqual([1, 2])
  })

  it('finds the texts of errors and log lines', () => {
    const { messages } = cutScript(
      'a.ts',
      "throw new RangeError('how many')\ndeps.log.warn(`sale ${id}`)\nnew Map('of')\n",
    )
    expect(messages).toEqual([
      { line: 1, text: "how many'" },
      { line: 2, text: 'sale ${id}`' },
    ])
    expect(riddlesIn(messages)).toEqual([1])
  })

  it('finds the headings of a page, and none in an example', () => {
    const page = '# Sales\n\n```sh\n# What\n```\n## Where to go\n'
    expect(riddlesIn(headingsIn(page))).toEqual([6])
  })

  it('finds the sentences of a page, and none in a table or an example', () => {
    const page =
      '# Sales\n\nOne. Two\nlines: Who\n\n- an item\n- **Where** it is\n\n| what | b |\n\n```sh\nHow\n```\n'
    expect(sentencesIn(page).map(({ text }) => text)).toEqual([
      'One.',
      'Two\nlines:',
      'Who',
      'an item',
      'Where** it is',
    ])
    expect(riddlesIn(sentencesIn(page))).toEqual([4, 7])
  })

  it('joins the lines of one comment', () => {
    const { comments } = cutHashed('a: 1\n# one\n# What two\nb: 2\n')
    expect(comments).toEqual([{ line: 2, text: 'one\n What two' }])
  })

  it('finds names in code alone', () => {
    const named = cutScript('a.ts', "// RunBook\nconst a: RunBook = 'RunBook'\n")
    expect(namesIn(named, ['RunBook'])).toEqual(['2 RunBook'])
  })
})
