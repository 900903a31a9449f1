import { type ScenarioName, scenarios } from './scenarios.ts'

/** The calls a scenario can meet, by the names they have in the call log. */
export const scenarioEndpoints = [
  'topup_account',
  'package_buy',
  'package_lookup',
  'balance',
  'service_providers',
  'package_providers',
  'packages',
] as const
export type ScenarioEndpoint = (typeof scenarioEndpoints)[number]

export type Chosen = { readonly name: ScenarioName; readonly delayMs: number }

export type ActiveScenario = {
  readonly id: number
  readonly scenario: ScenarioName
  readonly probability: number
  readonly delayMs: number
  /** Uses left; null is without end. */
  remaining: number | null
  /** `endpoint` is one call, "sale" both POSTs (the default) or "any" all of them. */
  readonly match: {
    readonly number?: string | undefined
    readonly endpoint: ScenarioEndpoint | 'sale' | 'any'
  }
}

export type NewScenario = {
  readonly scenario: ScenarioName
  readonly probability: number
  readonly count?: number | undefined
  readonly delayMs?: number | undefined
  readonly match: ActiveScenario['match']
}

/** Chooses the scenario of the next call, if there is one. */
export type Chooser = {
  readonly add: (scenario: NewScenario) => ActiveScenario
  /** Removes one by id, or all. @returns how many are gone */
  readonly remove: (id?: number) => number
  readonly active: () => readonly ActiveScenario[]
  /** Scenarios that name this very number: they outrank the test numbers. */
  readonly chooseForNumber: (endpoint: ScenarioEndpoint, number: string) => Chosen | undefined
  /** Scenarios for any call. */
  readonly choose: (endpoint: ScenarioEndpoint) => Chosen | undefined
  /** Starts the random sequence anew. */
  readonly reseed: (seed: number) => void
  /** Removes all scenarios and goes back to the first seed. */
  readonly reset: () => void
  readonly seed: () => number
}

/** At most this many at once: the list is walked for every call. */
export const maxActiveScenarios = 50

/**
 * Scenarios are drawn with their probability; where the probabilities of those that match add up to
 * more than 1 they are weights. The same seed and the same order of calls draw the same scenarios.
 */
export function createChooser(initialSeed: number): Chooser {
  let active: ActiveScenario[] = []
  let lastId = 0
  let seed = initialSeed
  let random = mulberry32(seed)

  const reseed = (newSeed: number) => {
    seed = newSeed
    random = mulberry32(seed)
  }

  const draw = (candidates: readonly ActiveScenario[]): Chosen | undefined => {
    if (candidates.length === 0) return undefined
    const total = candidates.reduce((sum, each) => sum + each.probability, 0)
    let point = random() * Math.max(1, total)
    const drawn = candidates.find((each) => (point -= each.probability) < 0)
    if (!drawn) return undefined
    if (drawn.remaining !== null) {
      drawn.remaining -= 1
      if (drawn.remaining === 0) active = active.filter((each) => each !== drawn)
    }
    return { name: drawn.scenario, delayMs: drawn.delayMs }
  }

  return {
    add: (added) => {
      lastId += 1
      const { scenario, probability, match } = added
      const delayMs = added.delayMs ?? scenarios[scenario].delayMs
      const remaining = added.count ?? null
      const entry = { id: lastId, scenario, probability, delayMs, remaining, match }
      active = [...active, entry]
      return entry
    },
    remove: (id) => {
      const before = active.length
      active = id === undefined ? [] : active.filter((each) => each.id !== id)
      return before - active.length
    },
    active: () => active,
    chooseForNumber: (endpoint, number) =>
      active.length === 0
        ? undefined
        : draw(active.filter((each) => each.match.number === number && meets(each, endpoint))),
    choose: (endpoint) =>
      active.length === 0
        ? undefined
        : draw(active.filter((each) => each.match.number === undefined && meets(each, endpoint))),
    reseed,
    reset: () => {
      active = []
      reseed(initialSeed)
    },
    seed: () => seed,
  }
}

function meets(active: ActiveScenario, endpoint: ScenarioEndpoint): boolean {
  const wanted = active.match.endpoint
  if (wanted === 'any' || wanted === endpoint) return true
  return wanted === 'sale' && (endpoint === 'topup_account' || endpoint === 'package_buy')
}

/** Tommy Ettinger's mulberry32: small, fast and repeatable, which is all that is asked of it here. */
function mulberry32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
