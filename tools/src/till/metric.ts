/** The first sample of a metric that a service shows; NaN where it shows none. */
export const readMetric = async (serviceUrl: string, name: string): Promise<number> => {
  const text = await (await fetch(`${serviceUrl}/metrics`)).text()
  return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, 'm').exec(text)?.[1])
}
