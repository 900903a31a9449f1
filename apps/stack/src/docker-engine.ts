import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { errorText } from '@recargas/contracts'

/** The images of a stack in containers; another registry's or a stand-in's name may be given. */
export const images = () => ({
  mongo: process.env['MONGO_IMAGE'] ?? 'mongo:8.0.20',
  rabbitmq: process.env['RABBITMQ_IMAGE'] ?? 'rabbitmq:4.3.6-management',
})

export type Engine =
  | { readonly kind: 'ready'; readonly why: string }
  | { readonly kind: 'absent'; readonly why: string }

const pullTimeoutMs = 180_000

/**
 * Checks that containers can be started here: an engine answers, and it has the images or can pull them. A `docker` command
 * alone proves nothing, nor does an engine without a registry.
 */
export const dockerEngine = async (log: (line: string) => void): Promise<Engine> => {
  if (!mayHaveEngine()) return { kind: 'absent', why: 'no Docker engine here' }
  const { getContainerRuntimeClient, ImageName } = await import('testcontainers')
  try {
    const client = await getContainerRuntimeClient()
    for (const name of Object.values(images())) {
      const image = ImageName.fromString(name)
      if (await client.image.exists(image)) continue
      log(`pulling ${name}`)
      await within(pullTimeoutMs, client.image.pull(image))
    }
    return { kind: 'ready', why: 'a Docker engine with the images' }
  } catch (error) {
    return {
      kind: 'absent',
      why: `Docker does not serve: ${errorText(error).split('\n')[0] ?? ''}`,
    }
  }
}

const mayHaveEngine = (): boolean =>
  Boolean(process.env['DOCKER_HOST']) ||
  [
    '/var/run/docker.sock',
    join(process.env['XDG_RUNTIME_DIR'] ?? '/nonexistent', 'docker.sock'),
    join(homedir(), '.docker/run/docker.sock'),
  ].some((socket) => existsSync(socket))

const within = async (timeoutMs: number, work: Promise<void>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs)
  })
  await Promise.race([work, late]).finally(() => clearTimeout(timer))
}
