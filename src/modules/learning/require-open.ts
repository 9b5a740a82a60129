import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { findOutline } from '../catalogue/index.ts'
import { lessonLocked } from './errors.ts'
import { requireOpen } from './policy.ts'
import { readStudy } from './read-study.ts'
import { lessonIn } from './study.ts'

interface OpenCourse {
  readonly enrollmentId: string
  readonly courseId: string
}

/**
 * For what a student wants to do in a lesson, such as to attempt its quiz.
 * @throws Refusal 403 `not_enrolled`, 404, or 409 `lesson_locked` with `lock`
 */
export async function requireOpenLesson(
  db: Db,
  actor: Actor,
  lessonId: string,
): Promise<OpenCourse & { readonly lessonId: string }> {
  const { enrollment, study } = await readStudy(db, actor, await findOutline(db, { lessonId }))
  requireOpen(study, lessonIn(study, lessonId).lock, lessonLocked)
  return { enrollmentId: enrollment.id, courseId: study.courseId, lessonId }
}

/**
 * The same for the exam of a course: in a sequential one it is the last step, otherwise open to everybody who is enrolled.
 * @throws Refusal 403 `not_enrolled`, 404 also where the course has no exam, or 409 `lesson_locked` with `lock`
 */
export async function requireOpenExam(db: Db, actor: Actor, courseId: string): Promise<OpenCourse> {
  const { enrollment, study } = await readStudy(db, actor, await findOutline(db, { courseId }))
  if (!study.exam) throw refuse(notFound)
  requireOpen(study, study.exam.lock, lessonLocked)
  return { enrollmentId: enrollment.id, courseId }
}
