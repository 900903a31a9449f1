/** Nothing was sent, so nothing was sold and nothing can be: the same key, or another one, may be pressed again. */
export type NotSentError = Error & { readonly code: 'NOT_SENT' }

export const notSent = (why: string, cause?: unknown): NotSentError =>
  Object.assign(new Error(`not sent: ${why}`, cause === undefined ? {} : { cause }), {
    code: 'NOT_SENT' as const,
  })

export const isNotSent = (error: unknown): error is NotSentError =>
  isError(error) && 'code' in error && error.code === 'NOT_SENT'

/** Calls of the operating system that come before the first byte. */
const callsBefore = new Set<unknown>(['connect', 'getaddrinfo'])
const connectTimeout = 'UND_ERR_CONNECT_TIMEOUT'
/** A certificate is checked before any request is sent. */
const certificateCodes = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_)/

/**
 * True when the connection was never made, so nothing can have arrived. Only Node reports this; a browser's "failed to fetch"
 * and every later failure, such as a reset or a time-out, prove nothing.
 */
export const isBeforeConnection = (error: unknown): boolean => {
  if (!isError(error)) return false
  const { syscall, code, errors, cause } = error as Failure
  // Tried at each of the host's addresses.
  if (errors !== undefined) return errors.length > 0 && errors.every(isBeforeConnection)
  return (
    callsBefore.has(syscall) ||
    code === connectTimeout ||
    (typeof code === 'string' && certificateCodes.test(code)) ||
    isBeforeConnection(cause)
  )
}

type Failure = {
  readonly syscall?: unknown
  readonly code?: unknown
  readonly errors?: readonly unknown[]
  readonly cause?: unknown
}

/** Checks the shape, because an error may come from another realm of the runtime. */
export const isError = (error: unknown): error is Error =>
  typeof error === 'object' && error !== null && 'message' in error
