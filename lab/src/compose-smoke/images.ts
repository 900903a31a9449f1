import { z } from 'zod'
import { say } from '../runner/report.ts'
import type { Docker } from './compose.ts'

const pullTimeoutMs = 600_000
const answerTimeoutMs = 30_000

const Project = z.object({
  services: z.record(
    z.string(),
    z.object({
      image: z.string(),
      build: z.unknown().optional(),
      profiles: z.array(z.string()).optional(),
    }),
  ),
})

export type Chosen = { readonly services: readonly string[]; readonly leftOut: readonly string[] }

/**
 * Checks the images that are not built here and pulls missing ones. Only observability may be left out.
 * @throws when an image of the system itself is missing and cannot be pulled
 */
export const chooseServices = async (docker: Docker): Promise<Chosen> => {
  const described = await docker.run(
    ['compose', '--profile', 'observability', 'config', '--format', 'json'],
    answerTimeoutMs,
  )
  const { services } = Project.parse(JSON.parse(described))
  const leftOut: string[] = []
  for (const [name, { image, build, profiles = [] }] of Object.entries(services)) {
    if (build !== undefined || (await isHere(docker, image))) continue
    say(`pulling ${image}`)
    if (await docker.succeeds(['pull', '--quiet', image], pullTimeoutMs)) continue
    if (profiles.length === 0)
      throw new Error(`image ${image} is not on this machine and cannot be pulled`)
    say(`${name} is left out: image ${image} cannot be pulled`)
    leftOut.push(name)
  }
  return { services: Object.keys(services).filter((name) => !leftOut.includes(name)), leftOut }
}

const isHere = (docker: Docker, image: string): Promise<boolean> =>
  docker.succeeds(['image', 'inspect', image], answerTimeoutMs)
