import type { Deps } from '../../platform/deps.ts'
import { isId } from '../../platform/ids.ts'
import { partNames, removePart } from './part-files.ts'
import { findUploading } from './queries.ts'

const sweepEveryMs = 60 * 60_000

/**
 * Removes what lies in this node's folder of parts and belongs to no upload under way: a process was killed between the end of an upload
 * and the removal of its parts, or the upload was ended on a node with another folder.
 */
export async function sweepParts({ config, db }: Deps): Promise<void> {
  const ids = (await partNames(config)).filter(isId)
  if (ids.length === 0) return
  const underWay = new Set(await findUploading(db, ids))
  for (const id of ids) if (!underWay.has(id)) await removePart(config, id)
}

/** Sweeps now, and every hour. @returns how to stop */
export async function keepSweepingParts(deps: Deps): Promise<() => void> {
  const sweep = () =>
    sweepParts(deps).catch((error: unknown) =>
      deps.log.error({ err: error }, 'parts of uploads cannot be swept'),
    )
  await sweep()
  const timer = setInterval(sweep, sweepEveryMs).unref()
  return () => clearInterval(timer)
}
