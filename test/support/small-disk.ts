import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** A disk of its own, as large as it is wished: a tmpfs (mount(8)). */
export interface SmallDisk {
  readonly folder: string
  /** Takes all the room there is left. */
  fill(): Promise<void>
  /** Gives it back. */
  free(): Promise<void>
  remove(): Promise<void>
}

const run = promisify(execFile)

/** @returns null where this account may not mount, as in many containers */
export async function mountSmallDisk(mebibytes: number): Promise<SmallDisk | null> {
  const above = await mkdtemp(join(tmpdir(), 'lectern-disk-'))
  const folder = join(above, 'disk')
  const ballast = join(folder, 'ballast')
  await mkdir(folder)
  const mounted = await run('mount', [
    '-t',
    'tmpfs',
    '-o',
    `size=${mebibytes}m,mode=0755`,
    'tmpfs',
    folder,
  ]).then(
    () => true,
    () => false,
  )
  if (!mounted) {
    await rm(above, { recursive: true })
    return null
  }
  return {
    folder,
    async fill() {
      const file = await open(ballast, 'a')
      for (let bytes = 1024 ** 2; bytes >= 4_096; ) {
        const { bytesWritten } = await file.write(Buffer.alloc(bytes)).catch(refusedAsNone)
        if (bytesWritten < bytes) bytes /= 2
      }
      await file.close()
    },
    free: () => rm(ballast),
    async remove() {
      await run('umount', [folder])
      await rm(above, { recursive: true })
    },
  }
}

function refusedAsNone(error: NodeJS.ErrnoException): { bytesWritten: number } {
  if (error.code === 'ENOSPC') return { bytesWritten: 0 }
  throw error
}
