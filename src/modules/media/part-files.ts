import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../../platform/config.ts'

type Folder = Pick<Config, 'dataFolder'>

/** Where the parts of a resumable upload are put together, until it is whole. */
export function partPath({ dataFolder }: Folder, id: string): string {
  return join(dataFolder, 'uploads', id)
}

/** How many bytes have come: as many as the file has. */
export async function partBytes(folder: Folder, id: string): Promise<number> {
  const found = await stat(partPath(folder, id)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  return found?.size ?? 0
}

export async function openPart(folder: Folder, id: string): Promise<FileHandle> {
  await mkdir(join(folder.dataFolder, 'uploads'), { recursive: true })
  return open(partPath(folder, id), constants.O_RDWR | constants.O_CREAT, 0o600)
}

export async function removePart(folder: Folder, id: string): Promise<void> {
  await rm(partPath(folder, id), { force: true })
}

/** The names of all there are. */
export async function partNames({ dataFolder }: Folder): Promise<string[]> {
  return readdir(join(dataFolder, 'uploads')).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
}
