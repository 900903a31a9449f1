import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const packageFile = new URL('../package.json', import.meta.url)
const repository = new URL('../../../', import.meta.url)

/** The version of this build and, where it is known, its commit: BUILD_COMMIT, else that of the checkout it runs from. */
export const buildVersion = (): string => {
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { readonly version: string }
  // eslint-disable-next-line n/no-process-env -- of the build, no setting of a service
  const commit = process.env['BUILD_COMMIT'] || checkedOut()
  return commit === null ? version : `${version} ${commit.slice(0, 7)}`
}

const checkedOut = (): string | null => {
  try {
    const folder = gitFolder()
    const head = readFileSync(new URL('HEAD', folder), 'utf8').trim()
    if (!head.startsWith('ref: ')) return head
    const branch = head.slice('ref: '.length)
    const shared = new URL('commondir', folder)
    const common = existsSync(shared)
      ? new URL(`${readFileSync(shared, 'utf8').trim()}/`, folder)
      : folder
    return readFileSync(new URL(branch, common), 'utf8').trim()
  } catch {
    // There is no such file in an image, nor for a branch whose reference git has packed.
    return null
  }
}

/** `.git` is a folder, or in a further work tree a file that names one. */
const gitFolder = (): URL => {
  const git = new URL('.git', repository)
  if (existsSync(new URL('.git/HEAD', repository))) return new URL('.git/', repository)
  const [, path = ''] = /^gitdir: (.+)$/m.exec(readFileSync(fileURLToPath(git), 'utf8')) ?? []
  return new URL(`file://${path}/`)
}
