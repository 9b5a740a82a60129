import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { badField } from '../../platform/http/refusal.ts'
import { mediaNamedIn, requireNamedMedia } from '../media/index.ts'
import { mostNamed } from './rules.ts'
import { findMediaUsedIn, replaceCourseTextMedia, replaceLessonTextMedia } from './text-media-queries.ts'

/** Where the server is: a text may name a file with the host before it. */
export interface Site {
  readonly publicUrl: string
}

interface Text {
  readonly courseId: string
  /** Markdown; null where there is none. */
  readonly text: string | null | undefined
  readonly site: Site
}

/**
 * Keeps which files the text of a lesson names: own uploads of its writer, or what the course uses already. The caller holds the course.
 * @throws Refusal 400 that names /body and the first file that is neither
 */
export async function keepLessonTextMedia(
  tx: Tx,
  actor: Actor,
  { lessonId, ...said }: Text & { lessonId: string },
): Promise<void> {
  await replaceLessonTextMedia(tx, lessonId, await requireTextMedia(tx, actor, said, '/body'))
}

/** The same for the description of a course. */
export async function keepCourseTextMedia(tx: Tx, actor: Actor, said: Text): Promise<void> {
  await replaceCourseTextMedia(tx, said.courseId, await requireTextMedia(tx, actor, said, '/description'))
}

async function requireTextMedia(
  tx: Tx,
  actor: Actor,
  { courseId, text, site }: Text,
  path: string,
): Promise<string[]> {
  const ids = mediaNamedIn(text ?? '', site)
  if (ids.length === 0) return []
  if (ids.length > mostNamed) throw badField(path, `names more than ${mostNamed} files`)
  const used = new Set(await findMediaUsedIn(tx, courseId, ids))
  await requireNamedMedia(tx, actor, { ids: ids.filter((id) => !used.has(id)), path })
  return ids
}
