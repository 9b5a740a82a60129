import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { related } from '../../platform/http/policy.ts'
import { notFound } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { doTogether } from '../../platform/together.ts'
import { recallOutline } from '../catalogue/index.ts'
import { completeCourse } from './complete-course.ts'
import { type Completion, completeLessons } from './complete-lesson.ts'
import { courseIncomplete, lessonLocked, notEnrolled, quizRequired } from './errors.ts'
import { keepPosition } from './keep-position.ts'
import { presentProgress, presentStep } from './present.ts'
import { readStudy } from './read-study.ts'
import { refuseGone } from './refuse-gone.ts'
import { resetProgress } from './reset-progress.ts'
import { DoneOfLesson, Progress, RecordedProgress } from './schemas.ts'
import type { StudyStep } from './study.ts'

const tags = ['Learning']
const enrolled = related('enrolled')

/** Two, so that the database works on one while the other's answers are written. */
const limits = { atOnce: 2, most: 50, mostWaiting: 10_000 }

/** Completes a lesson, in one transaction with what others complete meanwhile. */
export function completeTogether({
  transact,
}: Pick<Deps, 'transact'>): (completion: Completion) => Promise<StudyStep> {
  const complete = doTogether(
    (completions: readonly Completion[]) => refuseGone(transact((tx) => completeLessons(tx, completions))),
    limits,
  )
  return async (completion) => {
    const outcome = await complete(completion)
    if (outcome instanceof Error) throw outcome
    return outcome
  }
}

export function progressRoutes(app: App, deps: Deps): void {
  const { db, transact } = deps
  const complete = completeTogether(deps)
  app.post(
    '/progress/lesson',
    {
      config: { policy: enrolled },
      schema: {
        operationId: 'recordProgress',
        summary: 'Complete a lesson, or keep the position in it',
        description: 'Repeating it changes nothing. The last lesson completes the enrollment.',
        tags,
        body: DoneOfLesson,
        response: responses({ 200: RecordedProgress }, notEnrolled, notFound, lessonLocked, quizRequired),
      },
    },
    async (request) => {
      const { lessonId, completed, positionSeconds } = request.body
      const actor = actorOf(request)
      if (!completed && positionSeconds !== undefined)
        return presentStep(await transact((tx) => keepPosition(tx, actor, { lessonId, positionSeconds })))
      const outline = await recallOutline(deps, { lessonId })
      const done = { actor, lessonId, positionSeconds: positionSeconds ?? null, outline }
      return presentStep(await complete(done))
    },
  )

  app.get(
    '/progress/course/:courseId',
    {
      config: { policy: enrolled },
      schema: {
        operationId: 'readProgress',
        summary: 'Own progress in a course: each lesson, percent, what comes next',
        tags,
        params: Closed({ courseId: Id }),
        response: responses({ 200: Progress }, notEnrolled, notFound),
      },
    },
    async (request) => {
      const course = await recallOutline(deps, request.params)
      const { study } = await readStudy(db, actorOf(request), course)
      return presentProgress(study)
    },
  )

  app.post(
    '/progress/course/:courseId/complete',
    {
      config: { policy: enrolled },
      schema: {
        operationId: 'completeCourse',
        summary: 'Complete the course, if all of it is done',
        description:
          'It completes by itself with the last lesson; this is for a course that has become shorter.',
        tags,
        params: Closed({ courseId: Id }),
        response: responses({ 200: Progress }, notEnrolled, notFound, courseIncomplete),
      },
    },
    async (request) => {
      const { courseId } = request.params
      return presentProgress(await transact((tx) => completeCourse(tx, actorOf(request), courseId)))
    },
  )

  app.post(
    '/progress/course/:courseId/reset',
    {
      config: { policy: enrolled },
      schema: {
        operationId: 'resetProgress',
        summary: 'Begin the course again; a completed enrollment stays completed',
        tags,
        params: Closed({ courseId: Id }),
        response: responses({ 200: Progress }, notEnrolled, notFound),
      },
    },
    async (request) => {
      const { courseId } = request.params
      return presentProgress(await transact((tx) => resetProgress(tx, actorOf(request), courseId)))
    },
  )
}
