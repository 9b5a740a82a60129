import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { findCoursesUsingMedia } from './material-queries.ts'
import { isOwner } from './policy.ts'

/** Owners of a course see the files in it, whichever of them uploaded them. Who else does, `learning` knows. */
export async function showsMedia(db: Db, actor: Actor | null, mediaId: string): Promise<boolean> {
  if (actor?.role !== 'instructor') return false
  return (await findCoursesUsingMedia(db, mediaId)).some((course) => isOwner(actor, course))
}
