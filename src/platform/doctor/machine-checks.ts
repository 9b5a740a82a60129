import type { StatsFs } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { type Check, failure, ok, warning } from './check.ts'

const gigabyte = 1_000_000_000
const oldestNode = 26

export const nodeCheck: Check = {
  name: 'node',
  async run() {
    return judgeNode(process.versions.node)
  },
}

export function judgeNode(version: string) {
  if (Number.parseInt(version, 10) >= oldestNode) return ok(`Node.js ${version}.`)
  return failure(
    `Node.js ${version} is older than what Lectern is made for.`,
    `Start it by npm start or bin/lectern.js, which bring the right one, or install Node.js ${oldestNode}.`,
  )
}

export const diskCheck: Check = {
  name: 'disk',
  async run({ config }) {
    const folder = resolve(config.dataFolder)
    const { bavail, blocks, bsize } = await statfsAbove(folder)
    return judgeDisk({ folder, freeBytes: bavail * bsize, totalBytes: blocks * bsize })
  },
}

/** Of the folder, or of what it would be made in. */
async function statfsAbove(folder: string): Promise<StatsFs> {
  try {
    return await statfs(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(folder) === folder) throw error
    return statfsAbove(dirname(folder))
  }
}

export function judgeDisk(disk: { folder: string; freeBytes: number; totalBytes: number }) {
  const { folder, freeBytes, totalBytes } = disk
  const said = `${(freeBytes / gigabyte).toFixed(1)} GB of ${(totalBytes / gigabyte).toFixed(1)} GB are free for ${folder}.`
  const todo = 'Make room, or move LECTERN_DATA to a larger disk.'
  if (freeBytes < gigabyte / 4) return failure(said, todo)
  if (freeBytes < 2 * gigabyte || freeBytes < totalBytes / 20) return warning(said, todo)
  return ok(said)
}
