import { createWriteStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { BackupError } from './backup-error.ts'
import type { BackupTarget } from './target.ts'

const partEnding = '.part'
const staleAfterMs = 24 * 60 * 60 * 1_000

/**
 * Backups as files in a folder, which is made when the first one comes. A file is written under another name, brought to the disk, and
 * renamed. Folder and files are for the account of this process only: they hold the personal data of all.
 */
export function createFolderTarget(path: string): BackupTarget {
  const folder = resolve(path)
  return {
    shown: folder,
    async put(name, source) {
      await mkdir(folder, { recursive: true, mode: 0o700 }).catch(refuseFile(folder))
      await removeStale(folder)
      const temporary = join(folder, `${name}${partEnding}`)
      try {
        const file = createWriteStream(temporary, { flags: 'w', flush: true, mode: 0o600 })
        await pipeline(source, file)
        await rename(temporary, join(folder, name))
        await syncFolder(folder)
        return { bytes: file.bytesWritten }
      } catch (error) {
        await rm(temporary, { force: true })
        throw error
      }
    },
    async open(name) {
      const path = join(folder, name)
      const file = await open(path).catch(missingAsNull)
      if (!(await file?.stat())?.isDirectory()) return file?.createReadStream() ?? null
      await file?.close()
      throw new BackupError(`${path} is a folder: name the file of a backup.`)
    },
    async list() {
      const names = (await readdir(folder).catch(missingAsNull)) ?? []
      const found = await Promise.all(
        names.map(async (name) => {
          const file = await stat(join(folder, name)).catch(missingAsNull)
          return file?.isFile() ? [{ name, bytes: file.size }] : []
        }),
      )
      return found.flat()
    },
    delete: (name) => rm(join(folder, name), { force: true }),
  }
}

/** What a killed process left behind, once it is certain that nobody writes it any more. */
async function removeStale(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith(partEnding)) continue
    const path = join(folder, name)
    const written = await stat(path).catch(missingAsNull)
    if (written && performance.timeOrigin + performance.now() - written.mtimeMs > staleAfterMs)
      await rm(path, { force: true })
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return // cannot open a folder
  const handle = await open(folder)
  await handle.sync().finally(() => handle.close())
}

function refuseFile(folder: string) {
  return (error: NodeJS.ErrnoException): never => {
    if (error.code !== 'EEXIST' && error.code !== 'ENOTDIR') throw error
    throw new BackupError(`Backups cannot go to ${folder}: there is a file. Set BACKUP_TARGET to a folder.`)
  }
}

function missingAsNull(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
  throw error
}
