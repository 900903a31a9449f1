/** The carrier's answer to one call. A string body is sent unchanged, an object as JSON. */
export type Answer = {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>> | string
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** An error in the words of the document: `error_message`, and `field` when a field is to blame. */
export function failure(
  status: number,
  message: string,
  field?: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const body = field === undefined ? { error_message: message } : { error_message: message, field }
  return { status, body, headers }
}

/** The answer of a proxy in front of the carrier, which knows no transaction. */
export function proxyPage(status: number, title: string): Answer {
  return {
    status,
    body: `<html><head><title>${status} ${title}</title></head><body><h1>${title}</h1></body></html>`,
    contentType: 'text/html; charset=utf-8',
  }
}
