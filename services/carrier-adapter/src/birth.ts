import { pause } from '@recargas/runtime'
import { birthOf, type BirthLimits } from './domain/birth.ts'

/** Short, so that a clock that is set right meanwhile ends the wait. */
const lookEveryMs = 500

/** Throws for a database born too far ahead of this clock to wait for. */
export const requireBirth = (bornAt: Date, now: Date, limits: BirthLimits): void => {
  const birth = birthOf(bornAt, now, limits)
  if (birth.kind === 'refused') throw new Error(birth.reason)
}

/** Waits until jobs can be told from those of an earlier database. A clock that falls back far meanwhile ends it with an error. */
export const waitForBirth = async (
  bornAt: Date,
  limits: BirthLimits,
  tell: (reason: string) => void,
): Promise<void> => {
  let isReported = false
  for (;;) {
    const birth = birthOf(bornAt, new Date(), limits)
    if (birth.kind === 'refused') throw new Error(birth.reason)
    if (birth.kind === 'over') return
    if (!isReported) tell(birth.reason)
    isReported = true
    await pause(Math.min(birth.until.getTime() - Date.now(), lookEveryMs))
  }
}
