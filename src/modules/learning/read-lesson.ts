import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import type { Deps } from '../../platform/deps.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import {
  findLessonOfMaterial,
  isOwner,
  type LessonText,
  type MaterialRow,
  recallLessonText,
  recallOutline,
  requireVisible,
} from '../catalogue/index.ts'
import { isEnrolled } from '../enrollments/index.ts'
import { findMediaByIds, type MediaCard } from '../media/index.ts'
import { requireEnrolled, requireOpen } from './policy.ts'
import type { ShownProgress } from './queries.ts'
import { findShown } from './shown-queries.ts'
import { lessonIn, type ShownStudy, type StudyLesson, studyOf, termsOf, unlockedStudyOf } from './study.ts'

/** What a lesson says and holds, with its files. */
export interface LessonContent extends Pick<LessonText, 'body' | 'text_media'> {
  readonly media: MediaCard | null
  readonly materials: readonly (MaterialRow & { readonly media: MediaCard })[]
}

export interface LessonView {
  readonly study: ShownStudy
  readonly lesson: StudyLesson<ShownProgress>
  readonly content: LessonContent
  /** Of the course. */
  readonly version: number
  /** Whether the progress is the reader's: they are enrolled. */
  readonly own: boolean
}

/**
 * What a lesson says and holds: to owners, to the enrolled for whom it is open, and to everybody if it is a preview.
 * @param by the lesson itself, in the course that is named or in its own, or one of its materials
 */
export async function readLesson(
  from: Pick<Deps, 'db' | 'pages'>,
  actor: Actor | null,
  by: { courseId?: string; lessonId: string } | { materialId: string },
): Promise<LessonView> {
  const { db } = from
  const lessonId = 'lessonId' in by ? by.lessonId : await findLessonOfMaterial(db, by.materialId)
  const text = lessonId === undefined ? undefined : await recallLessonText(from, lessonId)
  const course = text && (await recallOutline(from, { courseId: text.course_id }))
  if (!course || ('courseId' in by && by.courseId !== undefined && by.courseId !== course.id))
    throw refuse(notFound)

  const view = async (study: ShownStudy, own: boolean): Promise<LessonView> => {
    const lesson = lessonIn(study, text.lesson_id)
    if (own && !lesson.lesson.preview) requireOpen(study, lesson.lock)
    return { study, lesson, content: await withFiles(db, text), version: course.version, own }
  }
  if (isOwner(actor, course)) return view(unlockedStudyOf(course, null), false)
  const studying = actor && (await findShown(db, { userId: actor.userId, courseId: course.id }))
  if (studying && isEnrolled(studying.enrollment.status))
    return view(studyOf(course, studying.done, termsOf(studying.enrollment, actor)), true)
  const bare = unlockedStudyOf(course, null)
  if (!lessonIn(bare, text.lesson_id).lesson.preview) requireEnrolled(actor, course, studying?.enrollment)
  requireVisible(actor, course)
  return view(bare, false)
}

/** Files are read each time: what is known of one changes while it is prepared. */
async function withFiles(
  db: Db,
  { body, text_media, media_id, materials }: LessonText,
): Promise<LessonContent> {
  const ids = [...(media_id === null ? [] : [media_id]), ...materials.map((material) => material.media_id)]
  const files = new Map(
    ids.length === 0 ? [] : (await findMediaByIds(db, ids)).map((file) => [file.id, file]),
  )
  return {
    body,
    text_media,
    media: media_id === null ? null : (files.get(media_id) ?? null),
    materials: materials.flatMap((material) => {
      const media = files.get(material.media_id)
      return media ? [{ ...material, media }] : []
    }),
  }
}
