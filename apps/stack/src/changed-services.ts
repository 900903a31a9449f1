import { serviceNames, type PerService, type ServiceName } from './service-names.ts'

/** The workspace of each service, by its folder below the repository. */
export const serviceFolders: PerService<string> = {
  sandbox: 'packages/tpaga-sandbox',
  ledger: 'services/ledger',
  adapter: 'services/carrier-adapter',
  gateway: 'services/api-gateway',
}

/** Each workspace's folder, with the folders of the workspaces it depends on. */
export type Dependencies = ReadonlyMap<string, readonly string[]>

/** The services that loaded code of a changed folder: their own, or a dependency's at any depth. */
export const changedServices = (
  changedFolders: ReadonlySet<string>,
  dependencies: Dependencies,
): readonly ServiceName[] =>
  serviceNames.filter((name) =>
    [...foldersOf(serviceFolders[name], dependencies)].some((folder) => changedFolders.has(folder)),
  )

const foldersOf = (folder: string, dependencies: Dependencies): ReadonlySet<string> => {
  const found = new Set<string>([folder])
  // Iterating a set includes members added meanwhile.
  for (const each of found) {
    for (const dependency of dependencies.get(each) ?? []) found.add(dependency)
  }
  return found
}
