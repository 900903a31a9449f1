const lexemes = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g

/**
 * True when any object of a JSON text repeats a member, at any depth. Parsers disagree on which of the two counts, so such a
 * token could be one person here and another at its issuer. The text must already have parsed as JSON.
 */
export const hasRepeatedMember = (json: string): boolean => {
  const open: Set<string>[] = []
  let text = ''
  for (const [lexeme] of json.matchAll(lexemes)) {
    if (lexeme === '{' || lexeme === '[') open.push(new Set())
    else if (lexeme === '}' || lexeme === ']') open.pop()
    else if (lexeme === ':') {
      // Escapes undone: "s\u0075b" is "sub".
      const name = JSON.parse(text) as string
      if (open.at(-1)?.has(name) === true) return true
      open.at(-1)?.add(name)
    } else text = lexeme
  }
  return false
}
