/** A float and its pace, in minor units. */
export type Pace = { readonly available: number; readonly spentLastHour: number }

export type LowFloatLimits = {
  /** Low with less runway than this; 0: runway does not count. */
  readonly runwayMinutes: number
  /** Low with less than this, whatever its pace; 0: amount does not count. */
  readonly availableMinor: number
}

const minutesOfPace = 60

/** How long a float lasts at the pace of the last hour, in whole minutes; null where nothing was spent. */
export const runwayMinutesOf = ({ available, spentLastHour }: Pace): number | null =>
  spentLastHour === 0 ? null : Math.max(0, Math.floor((available * minutesOfPace) / spentLastHour))

export const isLow = (pace: Pace, limits: LowFloatLimits): boolean => {
  const runway = runwayMinutesOf(pace)
  return (
    pace.available < limits.availableMinor || (runway !== null && runway < limits.runwayMinutes)
  )
}

/** What left the float for sales; what sales gave back after all is no negative pace. */
export const spentOf = (balances: {
  readonly before: number
  readonly injected: number
  readonly now: number
}): number => Math.max(0, balances.before + balances.injected - balances.now)
