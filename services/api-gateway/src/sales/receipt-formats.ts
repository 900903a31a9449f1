import { createHash } from 'node:crypto'
import receiptline from 'receiptline'
import type { Receipt } from './receipt.ts'

/** Letters in a line, by the paper's millimetres. */
const lettersOf = { 58: 32, 80: 48 } as const
export type PaperWidth = keyof typeof lettersOf

/** The receipt as lines of text. */
export const receiptText = (receipt: Receipt, width: PaperWidth): string =>
  receiptline.transform(markdownOf(receipt), {
    command: 'text',
    cpl: lettersOf[width],
    encoding: 'multilingual',
  })

/** The receipt as bytes for an ESC/POS printer, which cuts the paper after it. */
export const receiptBytes = (receipt: Receipt, width: PaperWidth): Buffer => {
  const commands = receiptline.transform(markdownOf(receipt), {
    command: 'escpos',
    cpl: lettersOf[width],
    encoding: 'multilingual',
    spacing: true,
  })
  return Buffer.from(commands, 'latin1')
}

/** The receipt in ReceiptLine's markdown: `^` enlarges, `|` parts columns, a property in braces sets their widths. */
const markdownOf = ({ shop, title, mark, note, rows }: Receipt): string =>
  [
    `^^${escaped(shop)}`,
    escaped(title),
    '-',
    ...(mark === null ? [] : [`^^^${escaped(mark)}`]),
    escaped(note),
    '-',
    '{width:13,*}',
    ...rows.map(([label, value]) => `|${escaped(label)} | ${escaped(value)}|`),
    '{width:auto}',
    '',
  ].join('\n')

/** The markdown's own characters by their code, so that no name becomes a command. */
const escaped = (text: string): string =>
  text.replaceAll(
    /[\\{|}~_"`^=-]/g,
    (letter) => `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )

const style = `
body { font: 14px/1.4 system-ui, sans-serif; margin: 1em auto; max-width: 80mm; text-align: center; }
h1 { font-size: 1.3em; margin: 0; }
h2 { font-size: 1em; font-weight: normal; margin: 0; }
strong { display: block; font-size: 2.2em; }
table { border-top: 1px dashed; margin-top: 0.5em; width: 100%; }
th { font-weight: normal; text-align: left; vertical-align: top; }
td { overflow-wrap: anywhere; text-align: right; }
@page { margin: 4mm; }
`

/** The page runs no script, and its own style alone. */
export const receiptPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256')
  .update(style)
  .digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`

/** The receipt as a page to be printed. */
export const receiptPage = ({ shop, title, mark, note, rows }: Receipt): string =>
  `<!doctype html>
<html lang="es">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${html(title)}</title>
    <style>${style}</style>
  </head>
  <body>
    <h1>${html(shop)}</h1>
    <h2>${html(title)}</h2>
    ${mark === null ? '' : `<strong>${html(mark)}</strong>`}
    <p>${html(note)}</p>
    <table>
${rows.map(([label, value]) => `      <tr><th scope="row">${html(label)}</th><td>${html(value)}</td></tr>`).join('\n')}
    </table>
  </body>
</html>
`

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const html = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (letter) => entities[letter] ?? '')
