/** A float and its pace, in minor units. */
export type Pace = { readonly available: number; readonly spentLastHour: number }

export type LowFloatLimits = {
  /** Low with less runway than this; 0: runway does not count. */
  readonly runwayMinutes: number
  /** Low with less than this, whatever its pace; 0: amount does not count. */
  readonly availableMinor: number
  /** Available amounts that replace the stored ones, by `merchant/operator`. */
  readonly availableMinorOf: ReadonlyMap<string, number>
}

/** @param lowFloatMinor an amount, then any floats that differ: `5000,principal/Tigo=20000` */
export const lowFloatLimits = (runwayMinutes: number, lowFloatMinor: string): LowFloatLimits => {
  const [ofAll = '0', ...others] = lowFloatMinor.split(',')
  return {
    runwayMinutes,
    availableMinor: Number(ofAll),
    availableMinorOf: new Map(
      others.map((other): [string, number] => {
        const [float = '', amount = '0'] = other.split('=')
        return [float, Number(amount)]
      }),
    ),
  }
}

const minutesOfPace = 60

/** Time that a float lasts at the pace of the last hour, in whole minutes; null without spending. */
export const runwayMinutesOf = ({ available, spentLastHour }: Pace): number | null =>
  spentLastHour === 0 ? null : Math.max(0, Math.floor((available * minutesOfPace) / spentLastHour))

/** The one definition of a low float: metrics, events, tills and operators all ask here. */
export const isLow = (
  float: Pace & { readonly merchant: string; readonly operator: string },
  limits: LowFloatLimits,
): boolean => {
  const runway = runwayMinutesOf(float)
  const least =
    limits.availableMinorOf.get(`${float.merchant}/${float.operator}`) ?? limits.availableMinor
  return float.available < least || (runway !== null && runway < limits.runwayMinutes)
}

/** Spending of sales from the float; released sales do not make the pace negative. */
export const spentOf = (balances: {
  readonly before: number
  readonly injected: number
  readonly now: number
}): number => Math.max(0, balances.before + balances.injected - balances.now)
