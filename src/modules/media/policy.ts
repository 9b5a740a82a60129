import type { Actor } from '../../platform/actor.ts'

interface MediaFacts {
  readonly user_id: string
}

/** Its uploader and admins may do everything with a file: see it, use it, delete it. Who else may see it, the modules say that use it. */
export function ownsMedia(actor: Actor, media: MediaFacts): boolean {
  return actor.userId === media.user_id || actor.role === 'admin'
}
