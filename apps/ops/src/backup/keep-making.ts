import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { mkdirSync } from 'node:fs'
import { figuresOfBackups } from './backup-figures.ts'
import { readBackupFolder } from './backup-folder.ts'
import { makeBackup, type BackupPlan, type MadeBackup } from './make-backup.ts'

const lookEveryMs = 60_000
/** A server that is away for a moment costs no day. */
const tryAgainMs = 300_000

export type Making = {
  readonly everyMs: number
  readonly onMade: (made: MadeBackup) => void
  readonly onFailed: (error: unknown) => void
}

/** @returns the milliseconds until the next backup is due, by the newest one of the folder; a restart makes none too early */
export const dueInMs = (newestAt: Date | null, everyMs: number, now: Date): number =>
  newestAt === null ? 0 : Math.max(0, newestAt.getTime() + everyMs - now.getTime())

/** Makes a backup whenever one is due, until the signal. */
export const keepMaking = async (
  plan: BackupPlan,
  { everyMs, onMade, onFailed }: Making,
): Promise<void> => {
  const { folder, signal, now } = plan
  mkdirSync(folder, { recursive: true })
  const isStopped = () => signal.aborted
  let notBefore = 0
  while (!isStopped()) {
    const past = readBackupFolder(folder).backups.filter(({ at }) => at <= now())
    const newest = past.length === 0 ? null : Math.max(...past.map(({ at }) => at.getTime()))
    const dueMs = dueInMs(newest === null ? null : new Date(newest), everyMs, now())
    const waitMs = Math.max(dueMs, notBefore - now().getTime())
    if (waitMs <= 0) {
      try {
        onMade(await makeBackup(plan))
      } catch (error) {
        if (isStopped()) return
        onFailed(error)
        notBefore = now().getTime() + tryAgainMs
      }
      continue
    }
    await pause(Math.min(waitMs, lookEveryMs), undefined, { signal }).catch(() => undefined)
  }
}

/** Serves the figures of a folder of backups at /metrics. */
export const serveFigures = async (
  folder: string,
  port: number,
): Promise<{ readonly port: number; readonly stop: () => void }> => {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end()
      return
    }
    try {
      const text = figuresOfBackups(folder)
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text)
    } catch {
      response.writeHead(503).end()
    }
  })
  server.listen(port, '0.0.0.0')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => {
      server.close()
      // Prometheus keeps its connection.
      server.closeAllConnections()
    },
  }
}
