import ts from 'typescript'

export type Comment = { readonly line: number; readonly text: string }

/** A source cut into its comments and its code; both keep the lines and columns of the file. */
export type Cut = { readonly comments: readonly Comment[]; readonly code: string }

const blanked = (text: string): string => text.replaceAll(/[^\n]/g, ' ')
const comment = /\/\*[\s\S]*?\*\/|\/\/.*(?:\n[^\S\n]*\/\/.*)*/g

const isText = (node: ts.Node): boolean =>
  ts.isLiteralExpression(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)

/** Cuts TypeScript or JavaScript. Strings, templates and regular expressions are parsed: they may look like comments. */
export const cutScript = (file: string, source: string): Cut => {
  const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.Latest)
  const parts: string[] = []
  let end = 0
  const visit = (node: ts.Node): void => {
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
  return { comments, code: plain.replaceAll(comment, blanked) }
}

/** Cuts YAML, shell and the like, whose comments begin a line with `#`. */
export const cutHashed = (source: string): Cut => {
  const lines = /^[^\S\n]*#.*(?:\n[^\S\n]*#.*)*/gm
  const comments = [...source.matchAll(lines)].map(({ 0: text, index }) => ({
    line: lineAt(source, index),
    text: text.replaceAll(/^\s*#+/gm, '').trim(),
  }))
  return { comments, code: source.replaceAll(lines, blanked) }
}

const lineAt = (source: string, index: number): number => source.slice(0, index).split('\n').length

const riddle = /^(?:What|Who|Whether|Whose|Which|Where|Of|How|Why)\b/

/** Lines of the comments that begin with a word that names no subject. */
export const riddlesIn = ({ comments }: Cut): readonly number[] =>
  comments.filter(({ text }) => riddle.test(text)).map(({ line }) => line)

/** @returns the words of the comments, and those that stand for an unnamed subject */
export const countWords = (
  comments: readonly Comment[],
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
