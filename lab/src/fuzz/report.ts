import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { z } from 'zod'

/** The events of the tool that are read, one a line. */
const Event = z.object({
  LoadingFinished: z
    .object({
      statistic: z.object({ operations: z.object({ total: z.int() }) }),
    })
    .optional(),
  ScenarioFinished: z
    .object({
      recorder: z.object({
        label: z.string(),
        checks: z
          .record(z.string(), z.array(z.object({ name: z.string(), status: z.string() })))
          .default({}),
        interactions: z.record(z.string(), z.unknown()).default({}),
      }),
    })
    .optional(),
  NonFatalError: z.object({ label: z.string(), value: z.unknown() }).optional(),
  FatalError: z.unknown().optional(),
})

const failedShownMax = 50

/** Counts the tool's own events, so that a run that did little does not pass for a good one. */
export const countReport = async (file: string) => {
  const labels = new Set<string>()
  const failed: string[] = []
  let cases = 0
  let operationsReported = 0
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const event = Event.parse(JSON.parse(line))
    operationsReported = event.LoadingFinished?.statistic.operations.total ?? operationsReported
    if (event.NonFatalError !== undefined) failed.push(`${event.NonFatalError.label}: no answer`)
    if (event.FatalError !== undefined) failed.push('the tool itself failed')
    if (event.ScenarioFinished === undefined) continue
    const { label, checks, interactions } = event.ScenarioFinished.recorder
    const sent = Object.keys(interactions).length
    cases += sent
    if (sent > 0 && /^[A-Z]+ \//.test(label)) labels.add(label)
    for (const { name, status } of Object.values(checks).flat()) {
      if (status !== 'success') failed.push(`${label}: ${name}`)
    }
  }
  return {
    /** Requests that were sent and judged. */
    cases,
    operations: labels.size,
    /** Operations of the document. */
    operationsReported,
    /** Checks that failed, and requests that got no answer. */
    failures: failed.length,
    failed: [...new Set(failed)].slice(0, failedShownMax),
  }
}
