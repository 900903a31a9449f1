const unreleased = '## Unreleased\n'

/** The newest released version of a changelog; null before the first release. */
export const newestRelease = (changelog: string): string | null =>
  /^## (\d+\.\d+\.\d+), \d{4}-\d{2}-\d{2}$/m.exec(changelog)?.[1] ?? null

/** The lines below "Unreleased", which become the section of the release. */
export const unreleasedNotes = (changelog: string): string => {
  const [, after = ''] = changelog.split(unreleased)
  return (after.split(/^## /m)[0] ?? '').trim()
}

/** The changelog after the release: an empty "Unreleased", then the section of the version. */
export const releasedChangelog = (changelog: string, version: string, day: string): string =>
  changelog.replace(unreleased, `${unreleased}\n## ${version}, ${day}\n`)
