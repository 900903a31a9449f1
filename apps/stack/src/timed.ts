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
