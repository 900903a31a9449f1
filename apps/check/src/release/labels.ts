type Labels = Readonly<Record<string, string>>

/** A build of the images. */
type Build = { readonly version: string; readonly revision: string; readonly created: string }

/** Build arguments of the Dockerfile, which makes the OCI labels of an image from them. */
export const buildArguments = ({ version, revision, created }: Build): Labels => ({
  VERSION: version,
  REVISION: revision,
  CREATED: created,
})

/** The labels that each image of the release carries. */
export const imageLabels = ({ version, revision, created }: Build): Labels => ({
  'org.opencontainers.image.title': 'recargas',
  'org.opencontainers.image.licenses': 'MIT',
  'org.opencontainers.image.version': version,
  'org.opencontainers.image.revision': revision,
  'org.opencontainers.image.created': created,
})

/** Lines `NAME=value`. */
export const linesOf = (values: Labels): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
