/** Polls until the answer is yes. @throws with `what` when the time is over. */
export const waitUntil = async (
  what: string,
  timeoutMs: number,
  check: () => boolean | Promise<boolean>,
  everyMs = 100,
): Promise<void> => {
  const deadline = performance.now() + timeoutMs
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}

/** Starts something and reports the time that it took. */
export const timed = async <Started>(
  name: string,
  onReady: ((name: string, tookMs: number) => void) | undefined,
  start: () => Promise<Started>,
): Promise<Started> => {
  const startedAt = performance.now()
  const started = await start()
  onReady?.(name, performance.now() - startedAt)
  return started
}
