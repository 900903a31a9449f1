import type { Connection } from 'mongoose'

const answerMs = 2_000

/** Checks that a writable primary answers within two seconds: an open connection does not prove that. */
export const databaseReadiness = async (
  connection: Connection,
): Promise<{ ready: boolean; reason: string | null }> => {
  const late = new AbortController()
  const limit = new Promise<null>((resolve) => {
    const timer = setTimeout(() => resolve(null), answerMs)
    late.signal.addEventListener('abort', () => clearTimeout(timer))
  })
  try {
    const answer = await Promise.race([connection.db?.admin().command({ hello: 1 }), limit])
    if (answer?.['isWritablePrimary'] === true) return { ready: true, reason: null }
    return { ready: false, reason: 'MongoDB has no writable primary' }
  } catch (error) {
    const name = error instanceof Error ? error.name : 'no answer'
    return { ready: false, reason: `MongoDB cannot be asked: ${name}` }
  } finally {
    late.abort()
  }
}
