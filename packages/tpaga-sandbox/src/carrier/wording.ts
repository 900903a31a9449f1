import type { Answer } from '../scenarios/answer.ts'
import type { Transaction, TransactionState } from './book.ts'
import type { PackageRequest, SaleRequest, TopupRequest } from './requests.ts'

/** The HTTP status that goes with a state, where no test number asks for another. */
const httpStatusOf: Readonly<Record<TransactionState, number>> = {
  authorized: 200,
  rejected: 503,
  in_progress: 200,
  unknown: 502,
  created: 500,
}

/** Undocumented values, a string for top-ups and an integer for packages, as the document has it. */
const resultCodeOf: Readonly<Record<TransactionState, number>> = {
  authorized: 0,
  in_progress: 1,
  rejected: 2,
  unknown: 3,
  created: 4,
}

const messageOf: Readonly<Record<TransactionState, string | undefined>> = {
  authorized: undefined,
  in_progress: undefined,
  rejected: 'the provider rejected the transaction, it is safe to try again with a new token',
  unknown: "there was an internal error or a time-out, please contact Tpaga's support",
  created: "there was an internal error, please contact Tpaga's support",
}

/** Packages are spelt in capitals, except "in-progress": both exactly as in the document. */
const packageStatusOf: Readonly<Record<TransactionState, string>> = {
  authorized: 'AUTHORIZED',
  rejected: 'REJECTED',
  in_progress: 'in-progress',
  unknown: 'UNKNOWN',
  created: 'CREATED',
}

/** The answer to a POST of this token, the same every time. */
export function saleAnswer(transaction: Transaction): Answer {
  const { request } = transaction
  return request.endpoint === 'topup_account'
    ? topupAnswer(request, transaction)
    : packageAnswer(request, transaction)
}

/** The answer of `GET /package_buy/:token`, always with the state's own HTTP status. */
export function lookupAnswer(request: PackageRequest, transaction: Transaction): Answer {
  return {
    status: httpStatusOf[transaction.state],
    body: {
      ...packageEcho(request),
      route: 'PUNTORED',
      external_gateway_auth_code: authCode(transaction),
      status: packageStatusOf[transaction.state],
      result_code: resultCodeOf[transaction.state],
      ...errorOf(transaction.state),
    },
  }
}

/** A second request while the first of its token still runs: 409 for a top-up, 200 for a package. */
export function concurrentAnswer(request: SaleRequest): Answer {
  if (request.endpoint === 'topup_account') {
    const body = { ...topupEcho(request), status: 'in-progress', result_code: '01' }
    return { status: 409, body }
  }
  const body = { ...packageEcho(request), status: packageStatusOf.in_progress, result_code: 1 }
  return { status: 200, body }
}

function topupAnswer(request: TopupRequest, transaction: Transaction): Answer {
  const status = transaction.postStatus ?? httpStatusOf[transaction.state]
  return {
    status,
    body: {
      token: `tp-${transaction.serial.toString(36)}`,
      ...topupEcho(request),
      // The document writes "in-progress" for the 409 and in_progress in its table of statuses.
      status: status === 409 ? 'in-progress' : transaction.state,
      result_code: `0${resultCodeOf[transaction.state]}`,
      ...errorOf(transaction.state),
    },
  }
}

function packageAnswer(request: PackageRequest, transaction: Transaction): Answer {
  const { postStatus, state } = transaction
  if (postStatus === undefined || postStatus === httpStatusOf[state]) {
    return lookupAnswer(request, transaction)
  }
  // The document's test data inverts 502 and 503 for the purchase. Without a status word the body contradicts neither reading:
  // a client must rely on the lookup alone.
  return { status: postStatus, body: { ...packageEcho(request), ...errorOf(state) } }
}

function topupEcho(request: TopupRequest) {
  const { service_provider, payment_origin } = request
  return { ...saleEcho(request), service_provider, payment_origin }
}

function packageEcho(request: PackageRequest) {
  const { package_code, provider_code } = request
  return { ...saleEcho(request), package_code, provider_code }
}

function saleEcho(request: SaleRequest) {
  const { idempotency_token, destination_number, amount, payment_token } = request
  return { idempotency_token, destination_number, amount, payment_token }
}

function authCode(transaction: Transaction): string | null {
  if (transaction.state !== 'authorized') return null
  return String(transaction.serial % 1_000_000_000).padStart(9, '0')
}

function errorOf(state: TransactionState): { error_message?: string } {
  const message = messageOf[state]
  return message === undefined ? {} : { error_message: message }
}
