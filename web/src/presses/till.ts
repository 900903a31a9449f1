import { signal, type ReadonlySignal } from '@preact/signals'
import { isNotSent, type RecargasClient } from '@recargas/client'
import { takeTurns, type Locks } from './locks.ts'
import {
  conclude,
  isDue,
  isLate,
  shownOf,
  type Answer,
  type Concluded,
  type Goods,
  type Press,
  type Shown,
} from './press.ts'
import { faultOf, type PressStore } from './store.ts'

export type TillDeps = {
  readonly store: PressStore
  readonly client: Pick<RecargasClient, 'sell' | 'buyBundle' | 'lookUp'>
  readonly locks: Locks
  readonly newKey: () => string
  readonly now: () => number
}

/** One person's presses: the one under way, and those whose outcome is not known yet. */
export type Till = {
  readonly kept: ReadonlySignal<readonly Press[]>
  /** The last press of this tab, as it stands. */
  readonly shown: ReadonlySignal<Shown | null>
  /** A press that was never taken, and that the cashier is asked about. */
  readonly late: ReadonlySignal<Press | null>
  /** Earlier presses that ended in the background, the newest first. */
  readonly ended: ReadonlySignal<readonly Concluded[]>
  /** True while a press is under way: another one is impossible. */
  readonly isBusy: ReadonlySignal<boolean>
  readonly press: (goods: Goods) => Promise<void>
  /** The cashier's answer to "¿Otra recarga igual?". */
  readonly confirm: (press: Press) => Promise<void>
  readonly decline: (press: Press) => Promise<void>
  /** The cashier's yes to a press that came to nothing before: it is sent as if it were pressed now. */
  readonly sellNow: (press: Press) => Promise<void>
  /** Asks about every kept press that is due, one after the other; about all of them at once when forced. */
  readonly resume: (isForced?: boolean) => Promise<void>
  /** Reads the kept presses again, such as after a reload, or after another tab has ended one. */
  readonly reload: (ended?: Concluded | null) => Promise<void>
}

const endedShown = 5
const untouched = { isConfirmed: false, saleId: null, question: null, isDenied: false }

const newState = () => ({
  kept: signal<readonly Press[]>([]),
  shown: signal<Shown | null>(null),
  late: signal<Press | null>(null),
  ended: signal<readonly Concluded[]>([]),
  isBusy: signal(false),
})
type State = ReturnType<typeof newState>

export const createTill = (deps: TillDeps, owner: string): Till => {
  const { store, locks, now } = deps
  const state = newState()
  const { kept, shown } = state
  const turn = takeTurns(locks, `recargas.till ${owner}`, state.isBusy)

  const alone = async (work: () => Promise<void>) => {
    if ((await turn(work)) === 'held') shown.value = { kind: 'other-tab' }
  }

  const resumeOne = async (press: Press, isForced: boolean) => {
    await locks.whileHeld(lockOf(press), async () => {
      // Another tab may have concluded it meanwhile.
      const stored = await store.load(owner).catch(() => kept.value)
      const current = stored.find(({ key }) => key === press.key)
      if (current === undefined) {
        kept.value = stored
        if (isShown(state, press)) shown.value = null
        return
      }
      if (current.question !== null || isLate(current, now())) return
      if (!isForced && !isDue(current, now())) return
      const isFirst = current.isDenied
      // From here on it may be sold: a crash must not make it look untaken.
      if (isFirst && !(await isKept(store, { ...current, isDenied: false }))) return
      await settle(state, deps, current, { answer: await follow(deps, current), isFirst })
    })
  }

  return {
    ...state,
    press: (goods) =>
      alone(() => {
        const at = now()
        const own = { key: deps.newKey(), owner, goods, pressedAt: at, askedAt: at }
        return send(state, deps, { ...own, ...untouched })
      }),
    confirm: (press) =>
      alone(() => send(state, deps, { ...press, isConfirmed: true, question: null })),
    decline: async (press) => {
      state.late.value = null
      kept.value = without(kept.value, press)
      shown.value = null
      await store.drop(press.key, null)
    },
    sellNow: (press) => {
      state.late.value = null
      return alone(() => send(state, deps, { ...press, isDenied: false, pressedAt: now() }))
    },
    resume: async (isForced = false) => {
      // The press under way may be the late one, which the cashier has just answered.
      if (!state.isBusy.value) askAboutLate(state, now())
      for (const press of kept.value) {
        if (isForced || isDue(press, now())) await resumeOne(press, isForced)
      }
    },
    reload: async (ended = null) => {
      if (ended !== null && isShown(state, ended.press)) shown.value = ended
      kept.value = await store.load(owner).catch(() => kept.value)
      const asked = kept.value.find(({ question }) => question !== null) ?? kept.value.at(-1)
      if (shown.value === null && asked !== undefined) shown.value = shownOf(asked, now())
    },
  }
}

const isShown = ({ shown: { value: last } }: State, { key }: Press): boolean =>
  last !== null && last.kind !== 'other-tab' && last.press.key === key

const without = (presses: readonly Press[], { key }: Press): readonly Press[] =>
  presses.filter((press) => press.key !== key)

/** Keeps the press, then sends it. A sale without a kept key could be sold twice after a crash: it is not sent. */
const send = async (state: State, deps: TillDeps, press: Press): Promise<void> => {
  const { kept, shown } = state
  shown.value = { kind: 'sending', press }
  try {
    await deps.store.keep(press)
  } catch (error) {
    shown.value = { kind: 'not-kept', press, fault: faultOf(error) }
    return
  }
  kept.value = [...without(kept.value, press), press]
  await deps.locks.whileHeld(lockOf(press), async () => {
    await settle(state, deps, press, { answer: await ask(deps, press), isFirst: true })
  })
}

const settle = async (
  state: State,
  { store, now }: TillDeps,
  press: Press,
  { answer, isFirst }: { readonly answer: Answer; readonly isFirst: boolean },
): Promise<void> => {
  const { keep, shown } = conclude(press, answer, { isFirst, now: now() })
  const others = without(state.kept.value, press)
  state.kept.value =
    keep === null ? others : [...others, keep].sort((one, other) => one.pressedAt - other.pressedAt)
  show(state, shown, keep !== null)
  // The press is on disk already: where this write fails, a reload asks once more and gets the same answer.
  await (keep === null ? store.drop(press.key, shown) : store.keep(keep)).catch(() => undefined)
}

/** A press of the background takes the place of its own earlier state only; its end is listed apart. */
const show = ({ shown, ended }: State, next: Concluded, isKept: boolean): void => {
  const last = shown.value
  const isOwnPlace = last === null || last.kind === 'other-tab' || last.press.key === next.press.key
  if (isOwnPlace) shown.value = next
  else if (!isKept) ended.value = [next, ...ended.value].slice(0, endedShown)
}

const isKept = (store: PressStore, press: Press): Promise<boolean> =>
  store.keep(press).then(
    () => true,
    () => false,
  )

/** A press that waits for the cashier's word takes the place of its own earlier state, and of no other press. */
const askAboutLate = (state: State, now: number): void => {
  const press = state.kept.value.find((each) => isLate(each, now)) ?? null
  state.late.value = press
  if (press === null) return
  const last = state.shown.value
  const isFree = last === null || !('press' in last) || isShown(state, press)
  if (isFree) state.shown.value = { kind: 'late', press }
}

const lockOf = ({ key }: Press): string => `recargas.press ${key}`

/** Sends the press under its own key, as often as it takes. */
const ask = async ({ client, newKey }: TillDeps, press: Press): Promise<Answer> => {
  const { goods, key, isConfirmed } = press
  const options = { key, requestId: newKey(), confirmDuplicate: isConfirmed }
  try {
    const outcome = await (goods.kind === 'topup'
      ? client.sell(goods.order, options)
      : client.buyBundle(goods.order, options))
    return readable(outcome)
  } catch (error) {
    if (!isNotSent(error)) return { kind: 'unreadable' }
    return { kind: 'not-sent', hasToken: !error.message.includes('token') }
  }
}

/** A state that this version of the client does not know has no outcome. */
const readable = (outcome: Answer | undefined): Answer => outcome ?? { kind: 'unreadable' }

/** Looks the sale up where its id is known; sends the press again where it is not, or where the gateway has never seen it. */
const follow = async (deps: TillDeps, press: Press): Promise<Answer> => {
  if (press.saleId === null) return ask(deps, press)
  try {
    const found = await deps.client.lookUp(press.saleId)
    switch (found.kind) {
      case 'found': {
        const outcome = readable(found.outcome)
        // Until the confirmed press has arrived, the gateway knows the question before it only.
        const isOvercome =
          press.isConfirmed && outcome.kind === 'refused' && outcome.code === 'DUPLICATE_SUSPECTED'
        return isOvercome ? await ask(deps, press) : outcome
      }
      case 'absent':
        return await ask(deps, press)
      case 'unanswered':
        return { kind: 'unreadable' }
    }
  } catch {
    return { kind: 'unreadable' }
  }
}
