import type { CallLog } from './call-log.ts'
import type { Chooser, Chosen } from '../scenarios/chooser.ts'
import { type Effect, type Scenario, scenarios } from '../scenarios/scenarios.ts'
import { documentedOutcome, reservedScenario } from './test-numbers.ts'
import type { Activity } from './activity.ts'
import { type Answer, failure } from '../scenarios/answer.ts'
import type { Book, Outcome } from './book.ts'
import type { Call, Deliver } from './deliver.ts'
import { parseSale, sameSale, type SaleEndpoint, type SaleRequest } from './requests.ts'
import { concurrentAnswer, saleAnswer } from './wording.ts'

export type SaleDeps = {
  readonly book: Book
  readonly log: CallLog
  readonly chooser: Chooser
  readonly activity: Activity
  readonly deliver: Deliver
  /** Tokens whose first request has not been decided yet. */
  readonly inFlight: Map<string, SaleRequest>
  /** Duration of a sale at the carrier; a second request within it is concurrent. */
  readonly latencyMs: number
}

/**
 * Sells: `POST /topup_account` and `POST /package_buy`. A known token is answered from the book and never meets a scenario
 * again, so after any lost answer a repeat gives the true state.
 */
export function sell(deps: SaleDeps, call: Call, endpoint: SaleEndpoint, body: string): void {
  const parsed = parseSale(endpoint, body)
  if (parsed.kind === 'refused') {
    deps.deliver(call, parsed.answer)
    return
  }
  const request = parsed.value
  const token = request.idempotency_token
  deps.log.identify(call.entry, token, request.destination_number, request.amount)

  const known = deps.book.find(token)
  const running = deps.inFlight.get(token)
  if (known) {
    deps.deliver(
      call,
      repeatAnswer(known.request, request, () => saleAnswer(known)),
    )
  } else if (running) {
    deps.deliver(
      call,
      repeatAnswer(running, request, () => concurrentAnswer(request)),
    )
  } else {
    sellNew(deps, call, request)
  }
}

function repeatAnswer(first: SaleRequest, repeat: SaleRequest, answer: () => Answer): Answer {
  if (sameSale(first, repeat)) return answer()
  const message = 'idempotency_token: it was used for another transaction'
  return failure(422, message, 'idempotency_token')
}

function sellNew(deps: SaleDeps, call: Call, request: SaleRequest): void {
  const { endpoint, destination_number: number } = request
  const chosen = chooseFor(deps.chooser, request)
  if (!chosen) {
    const outcome = documentedOutcome(endpoint, number) ?? { state: 'authorized' }
    afterWork(deps, call, request, deps.latencyMs, () => {
      deps.deliver(call, saleAnswer(record(deps, call, request, outcome)))
    })
    return
  }
  const scenario = scenarios[chosen.name]
  call.entry.scenario = chosen.name
  const workMs = deps.latencyMs + (scenario.delays === 'effect' ? chosen.delayMs : 0)
  afterWork(deps, call, request, workMs, () => {
    const answer = effectOf(deps, call, request, scenario, chosen)
    deps.deliver(call, scenario.rewrite(answer, chosen.delayMs), scenario.send, chosen.delayMs)
  })
}

/** Chooses a scenario for the number, else the number's reserved outcome, else a scenario for any number. */
function chooseFor(chooser: Chooser, request: SaleRequest): Chosen | undefined {
  const { endpoint, destination_number: number } = request
  const named = chooser.chooseForNumber(endpoint, number)
  if (named) return named
  const reserved = reservedScenario(number)
  if (reserved) return { name: reserved, delayMs: scenarios[reserved].delayMs }
  if (documentedOutcome(endpoint, number)) return undefined
  return chooser.choose(endpoint)
}

/** Holds the token until the outcome is decided, even when the caller is gone by then. */
function afterWork(
  deps: SaleDeps,
  call: Call,
  request: SaleRequest,
  workMs: number,
  decide: () => void,
): void {
  const token = request.idempotency_token
  deps.inFlight.set(token, request)
  deps.activity.after(workMs, call.response, () => {
    deps.inFlight.delete(token)
    decide()
  })
}

function effectOf(
  deps: SaleDeps,
  call: Call,
  request: SaleRequest,
  scenario: Scenario,
  chosen: Chosen,
): Answer {
  const outcome = outcomeOf(scenario.effect, chosen.delayMs)
  if (outcome) return saleAnswer(record(deps, call, request, outcome))
  if (scenario.send === 'never' && call.entry.open) holdToken(deps, call, request)
  return { status: 200, body: {} }
}

/** A sale that hangs without an effect is still running for the carrier while its caller waits. */
function holdToken(deps: SaleDeps, call: Call, request: SaleRequest): void {
  const token = request.idempotency_token
  deps.inFlight.set(token, request)
  call.response.once('close', () => {
    if (deps.inFlight.get(token) === request) deps.inFlight.delete(token)
  })
}

function outcomeOf(effect: Effect, delayMs: number): Outcome | undefined {
  switch (effect) {
    case 'authorize':
      return { state: 'authorized' }
    case 'reject':
      return { state: 'rejected' }
    case 'later-authorize':
      return { state: 'in_progress', settlesTo: { state: 'authorized', afterMs: delayMs } }
    case 'later-reject':
      return { state: 'in_progress', settlesTo: { state: 'rejected', afterMs: delayMs } }
    case 'none':
      return undefined
  }
}

function record(deps: SaleDeps, call: Call, request: SaleRequest, outcome: Outcome) {
  return deps.book.record(request, outcome, () => {
    call.entry.debited = true
  })
}
