import ts from 'typescript'

export type Sentence = { readonly line: number; readonly text: string }

/** A source cut into its comments, its messages and its code; all keep the lines of the file. */
export type Cut = {
  readonly comments: readonly Sentence[]
  /** Literal texts of errors and log lines. */
  readonly messages: readonly Sentence[]
  readonly code: string
}

const blanked = (text: string): string => text.replaceAll(/[^\n]/g, ' ')
const comment = /\/\*[\s\S]*?\*\/|\/\/.*(?:\n[^\S\n]*\/\/.*)*/g

const isText = (node: ts.Node): boolean =>
  ts.isLiteralExpression(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)

/** Names the text of an error or a log line, where this node makes one. */
const messageOf = (node: ts.Node, parsed: ts.SourceFile): ts.Expression | undefined => {
  if (ts.isNewExpression(node) && /Error$/.test(node.expression.getText(parsed))) {
    return node.arguments?.[0]
  }
  return ts.isCallExpression(node) &&
    /\blog\.(?:debug|info|warn|error)$/.test(node.expression.getText(parsed))
    ? node.arguments[0]
    : undefined
}

/** Cuts TypeScript or JavaScript. Strings, templates and regular expressions are parsed: they may look like comments. */
export const cutScript = (file: string, source: string): Cut => {
  const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.Latest)
  const parts: string[] = []
  const messages: Sentence[] = []
  let end = 0
  const visit = (node: ts.Node): void => {
    const message = messageOf(node, parsed)
    if (message !== undefined) {
      const text = message.getText(parsed).replace(/^['"`]/, '')
      messages.push({ line: lineAt(source, message.getStart(parsed)), text })
    }
    if (!isText(node)) {
      ts.forEachChild(node, visit)
      return
    }
    const start = node.getStart(parsed)
    parts.push(source.slice(end, start), blanked(source.slice(start, node.end)))
    end = node.end
  }
  visit(parsed)
  const plain = parts.join('') + source.slice(end)
  const comments = [...plain.matchAll(comment)].map(({ 0: { length }, index }) => ({
    line: lineAt(source, index),
    text: source
      .slice(index, index + length)
      .replaceAll(/^\s*(?:\/\/|\/?\*+\/?)|\*\/$/gm, '')
      .trim(),
  }))
  return { comments, messages, code: plain.replaceAll(comment, blanked) }
}

/** Cuts YAML, shell and the like, whose comments begin a line with `#`. */
export const cutHashed = (source: string): Cut => {
  const lines = /^[^\S\n]*#.*(?:\n[^\S\n]*#.*)*/gm
  const comments = [...source.matchAll(lines)].map(({ 0: text, index }) => ({
    line: lineAt(source, index),
    text: text.replaceAll(/^\s*#+/gm, '').trim(),
  }))
  return { comments, messages: [], code: source.replaceAll(lines, blanked) }
}

const lineAt = (source: string, index: number): number => source.slice(0, index).split('\n').length

/** Reads the headings of a page in Markdown. */
export const headingsIn = (page: string): readonly Sentence[] =>
  [...page.replaceAll(/^ *```[\s\S]*?^ *```$/gm, blanked).matchAll(/^#+ (.*)$/gm)].map(
    ({ 1: text = '', index }) => ({ line: lineAt(page, index), text }),
  )

/** Reads the sentences of a page in Markdown, without its headings, tables and examples. */
export const sentencesIn = (page: string): readonly Sentence[] => {
  const prose = page.replaceAll(/^ *```[\s\S]*?^ *```$|^ *\|.*$|^#.*$/gm, blanked)
  // A paragraph or an item of a list, over its lines.
  const parts = prose.matchAll(
    /(?:^|\n)[^\S\n]*(?:[-*>]|\d+\.)?[^\S\n]*(\S[^\n]*(?:\n(?![^\S\n]*(?:[-*>]|\d+\.)\s)[^\n]*\S[^\n]*)*)/g,
  )
  return [...parts].flatMap(({ 1: text = '', index }) =>
    text.split(/(?<=[.:!?]["”)]?)\s+(?=[A-Z])/).map((sentence) => ({
      line: lineAt(page, index + 1 + text.indexOf(sentence)),
      text: sentence.replaceAll(/^[*_("]+/g, ''),
    })),
  )
}

const riddle = /^(?:what|who|whether|whose|which|where|of|how|why)\b/i

/** Lines of the sentences that begin with a word that names no subject. */
export const riddlesIn = (sentences: readonly Sentence[]): readonly number[] =>
  sentences.filter(({ text }) => riddle.test(text)).map(({ line }) => line)

/** @returns the words of the comments, and those that stand for an unnamed subject */
export const countWords = (
  comments: readonly Sentence[],
): { readonly all: number; readonly vague: number } => {
  const words = comments.flatMap(({ text }) => text.match(/[A-Za-z]+/g) ?? [])
  return {
    all: words.length,
    vague: words.filter((word) => /^(?:what|who|whose|whether)$/i.test(word)).length,
  }
}

/** Lines of the code that use one of the names. */
export const namesIn = ({ code }: Cut, names: readonly string[]): readonly string[] =>
  [...code.matchAll(new RegExp(`(?<![\\w$.'-])(?:${names.join('|')})(?![\\w$'-])`, 'g'))].map(
    ({ 0: name, index }) => `${lineAt(code, index)} ${name}`,
  )
