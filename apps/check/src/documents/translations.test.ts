import { expect, it, test } from '@jest/globals'
import { posix } from 'node:path'
import { filesIn, textOf } from '../repository-files.ts'

const pagesIn = (folder: string): readonly string[] =>
  filesIn(folder)
    .filter((file) => file.endsWith('.md'))
    .map((file) => posix.basename(file))

const guides: Readonly<Record<string, string>> = {
  'docs/integrating.md': 'docs/es/integrar.md',
  'docs/errors.md': 'docs/es/errores.md',
  'docs/routes.md': 'docs/es/rutas.md',
  'docs/first-sale.md': 'docs/es/primera-venta.md',
  'docs/shop-screen.md': 'docs/es/tienda.md',
  'docs/catalogue.md': 'docs/es/catalogo.md',
  'packages/client/README.md': 'packages/client/README.es.md',
}
const runbooks = pagesIn('ops/runbooks').map((name): [string, string] => [
  `ops/runbooks/${name}`,
  `ops/runbooks/es/${name}`,
])
const pairs = [...Object.entries(guides), ...runbooks].map(([english, spanish]) => ({
  english,
  spanish,
}))

const fence = /^ *```(\w*)\n([\s\S]*?)^ *```$/gm
/** Comments of an example are translated; everything else in it stays. */
const comments: Readonly<Record<string, RegExp>> = { sh: /(?:^|\s+)# .*$/gm, ts: /\s*\/\/ .*$/gm }

/** The parts of a page that do not depend on its language. */
const factsOf = (page: string) => {
  const text = textOf(page)
  const prose = text.replaceAll(fence, '')
  const plain = prose.replaceAll(/`[^`]*`/g, '')
  return {
    headings: [...prose.matchAll(/^(#+) /gm)].map(([, level]) => level),
    codeBlocks: [...text.matchAll(fence)].map(([, language = '', code = '']) =>
      code.replaceAll(comments[language] ?? /$^/g, ''),
    ),
    codes: [...prose.matchAll(/`([^`]+)`/g)]
      .map(([, code = '']) => code.replaceAll(/\s+/g, ' '))
      .sort(),
    tables: prose.split(/\n(?!\|)/).flatMap((part) => part.match(/^\|/gm)?.length ?? []),
    listItems: [...prose.matchAll(/^ *(-|\d+\.) /gm)].map(([, mark]) => mark),
    figures: (plain.match(/\d+(?:[.,:]\d+)*/g) ?? [])
      .map((figure) => figure.replace(',', '.'))
      .sort(),
  }
}

const linksTo = (page: string, other: string): boolean =>
  textOf(page).includes(`](${posix.relative(posix.dirname(page), other)})`)

it('every page in Spanish is the translation of one, and every runbook has its own', () => {
  const translated = [...pagesIn('docs/es'), ...pagesIn('ops/runbooks/es')]
  const expected = pairs.map(({ spanish }) => posix.basename(spanish))
  expect(translated.sort()).toEqual(expected.filter((name) => name !== 'README.es.md').sort())
})

test.each(pairs)('$english and $spanish link to each other', ({ english, spanish }) => {
  expect([linksTo(english, spanish), linksTo(spanish, english)]).toEqual([true, true])
})

test.each(pairs)('$spanish has the headings, examples, codes and figures of $english', (pair) => {
  expect(factsOf(pair.spanish)).toEqual(factsOf(pair.english))
})

test.each(runbooks.filter(([english]) => !english.endsWith('README.md')))(
  '%s has its sections in Spanish too, and the name of its alert',
  (english, spanish) => {
    const titles = (page: string) =>
      [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => title)
    const [alert, ...sections] = titles(english)
    expect(sections).toEqual(['Look at', 'Run', 'Call'])
    expect(titles(spanish)).toEqual([alert, 'Mirar', 'Ejecutar', 'Llamar'])
  },
)

it('docs/es/rutas.md gives every route to the roles of docs/routes.md', () => {
  const rowsOf = (page: string) =>
    [...textOf(page).matchAll(/^\| (`[A-Z]+ [^`]+`) *\| ([^|]+?) *\|/gm)].map(
      ([, route, roles = '']) => [route, roles.replace('cualquiera', 'anybody')],
    )
  expect(rowsOf('docs/es/rutas.md').length).toBeGreaterThan(20)
  expect(rowsOf('docs/es/rutas.md')).toEqual(rowsOf('docs/routes.md'))
})
