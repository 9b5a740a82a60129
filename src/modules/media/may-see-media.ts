import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import type { Module } from '../../platform/module.ts'
import { ownsMedia } from './policy.ts'
import type { MediaRow } from './queries.ts'

/** Its uploader, admins, and whoever may see something that holds it, as the modules say: the first yes is enough. */
export async function maySeeMedia(
  db: Db,
  modules: readonly Pick<Module, 'showsMedia'>[],
  actor: Actor | null,
  media: MediaRow,
): Promise<boolean> {
  if (actor && ownsMedia(actor, media)) return true
  for (const { showsMedia } of modules) if (await showsMedia?.(db, actor, media.id)) return true
  return false
}
