import { watch } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { StringDecoder } from 'node:string_decoder'
import { isWanted, parseLine, serviceLogs, type LogFilter, type LogLine } from './lines.ts'

type Followed = { at: number; rest: string; readonly decoder: StringDecoder }

const chunkBytes = 256 * 1024
/** Poll interval for systems without file events, and for new files. */
const lookEveryMs = 1_000

/** Passes the services' new log lines on until it is stopped. */
export const followLogs = async (
  folder: string,
  filter: LogFilter,
  onLine: (line: LogLine) => void,
): Promise<() => Promise<void>> => {
  const files = new Map<string, Followed>()
  for (const file of await serviceLogs(folder)) {
    files.set(file, { at: (await stat(file)).size, rest: '', decoder: new StringDecoder() })
  }
  const look = async () => {
    for (const file of await serviceLogs(folder)) {
      const followed = files.get(file) ?? { at: 0, rest: '', decoder: new StringDecoder() }
      files.set(file, followed)
      for (const text of await newLines(file, followed)) {
        const line = parseLine(text, file)
        if (isWanted(line, filter)) onLine(line)
      }
    }
  }
  let looking: Promise<void> | null = null
  let isDue = false
  const start = () => {
    isDue = true
    looking ??= (async () => {
      while (isDue) {
        isDue = false
        // A file that goes away while it is read is looked for again.
        await look().catch(() => undefined)
      }
      looking = null
    })()
  }
  const watcher = watch(folder, start)
  watcher.on('error', () => undefined)
  const timer = setInterval(start, lookEveryMs)
  return async () => {
    watcher.close()
    clearInterval(timer)
    // Skips the lines written so far.
    start()
    await looking
  }
}

const newLines = async (file: string, followed: Followed): Promise<readonly string[]> => {
  const { size } = await stat(file)
  if (size < followed.at) followed.at = 0
  if (size === followed.at) return []
  const handle = await open(file)
  try {
    const buffer = Buffer.alloc(chunkBytes)
    while (followed.at < size) {
      const { bytesRead } = await handle.read(buffer, 0, chunkBytes, followed.at)
      if (bytesRead === 0) break
      followed.at += bytesRead
      followed.rest += followed.decoder.write(buffer.subarray(0, bytesRead))
    }
  } finally {
    await handle.close()
  }
  const lines = followed.rest.split('\n')
  followed.rest = lines.pop() ?? ''
  return lines.filter((line) => line !== '')
}
