/**
 * Handles at most `max` messages at once and the others in order of arrival. Several sales may travel in one message, so
 * the prefetch alone does not bound them; one that waits here has no attempt and no running time-out
 * yet. The consumer's prefetch bounds the messages that wait.
 */
export const limitUnderWay = <Message, Result>(
  max: number,
  handle: (message: Message) => Promise<Result>,
): ((message: Message) => Promise<Result>) => {
  let underWay = 0
  const waiting: (() => void)[] = []
  return async (message) => {
    if (underWay >= max) await new Promise<void>((resolve) => waiting.push(resolve))
    else underWay += 1
    try {
      return await handle(message)
    } finally {
      // The place goes straight to the next one, so that a newcomer cannot take it in between.
      const next = waiting.shift()
      if (next === undefined) underWay -= 1
      else next()
    }
  }
}
