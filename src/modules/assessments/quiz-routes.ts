import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { tagVersion } from '../../platform/http/etag.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { IfMatchHeader, stale } from '../../platform/http/if-match.ts'
import { isIdKey, pageQuery, readPage, toPage } from '../../platform/http/pagination.ts'
import { related } from '../../platform/http/policy.ts'
import { forbidden, notFound, refuse } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { findCourseFacts } from '../catalogue/index.ts'
import { findLiveEnrollment } from '../enrollments/index.ts'
import { notEnrolled } from '../learning/index.ts'
import { notAQuizLesson, quizNeeded } from './errors.ts'
import { requireReader } from './policy.ts'
import { presentQuiz, presentQuizCard } from './present.ts'
import { type QuizTarget, requirePlace } from './quiz-place.ts'
import { findQuizAt, findQuizCard, findQuizCards } from './quiz-queries.ts'
import { removeQuiz } from './remove-quiz.ts'
import { saveQuiz } from './save-quiz.ts'
import { Quiz, QuizCard, QuizCardList, QuizIn } from './schemas.ts'

const tags = ['Learning']
const owner = related('owner', 'instructor', 'admin')
// 500 questions with long texts.
const bodyLimit = 4 * 1024 * 1024

interface Kind {
  readonly path: string
  readonly name: 'Quiz' | 'Exam'
  readonly words: string
  target(id: string): QuizTarget
}
const kinds: readonly Kind[] = [
  {
    path: '/lessons/:id/quiz',
    name: 'Quiz',
    words: 'the quiz of a lesson',
    target: (lessonId) => ({ lessonId }),
  },
  {
    path: '/courses/:id/exam',
    name: 'Exam',
    words: 'the exam of a course',
    target: (courseId) => ({ courseId }),
  },
]

export function quizRoutes(app: App, deps: Deps): void {
  for (const kind of kinds) authoring(app, deps, kind)
  reading(app, deps)
}

/** What the owners do with the quiz of a lesson, and in the same words with the exam of a course. */
function authoring(app: App, { db, transact }: Deps, { path, name, words, target }: Kind): void {
  const refusals = [forbidden, notFound, ...(name === 'Quiz' ? [notAQuizLesson] : [])]

  app.put(
    path,
    {
      config: { policy: owner },
      bodyLimit,
      schema: {
        operationId: `save${name}`,
        summary: `Make ${words}, or replace it whole`,
        description:
          'Attempts that began before keep what they were asked. What GET answered may be changed and sent back as it is; with ' +
          '`If-Match` only where nobody has changed it meanwhile, and with `If-Match: "0"` only where there is none yet.',
        tags,
        params: Closed({ id: Id }),
        headers: IfMatchHeader,
        body: QuizIn,
        response: responses({ 200: Quiz }, ...refusals, stale),
      },
    },
    async (request, reply) => {
      const ifMatch = request.headers['if-match']
      const input = { target: target(request.params.id), quiz: request.body, ifMatch }
      const quiz = await transact((tx) => saveQuiz(tx, actorOf(request), input))
      tagVersion(reply, quiz.version)
      return presentQuiz(quiz)
    },
  )

  app.get(
    path,
    {
      config: { policy: owner },
      schema: {
        operationId: `read${name}`,
        summary: `See ${words}, with the right answers`,
        tags,
        params: Closed({ id: Id }),
        response: responses({ 200: Quiz }, ...refusals),
      },
    },
    async (request, reply) => {
      const place = await requirePlace(db, actorOf(request), target(request.params.id))
      const quiz = await findQuizAt(db, place)
      if (!quiz) throw refuse(notFound)
      tagVersion(reply, quiz.version)
      return presentQuiz(quiz)
    },
  )

  app.delete(
    path,
    {
      config: { policy: owner },
      schema: {
        operationId: `remove${name}`,
        summary: `Take ${words} away; its attempts stay`,
        ...(name === 'Quiz'
          ? { description: 'Not from a lesson of a published course: 409 `quiz_needed`.' }
          : {}),
        tags,
        params: Closed({ id: Id }),
        response: responses(
          { 204: Type.Null() },
          forbidden,
          notFound,
          ...(name === 'Quiz' ? [notAQuizLesson, quizNeeded] : []),
        ),
      },
    },
    async (request, reply) => {
      await transact((tx) => removeQuiz(tx, actorOf(request), target(request.params.id)))
      return reply.code(204).send(null)
    },
  )
}

function reading(app: App, { db }: Deps): void {
  app.get(
    '/quizzes/:id',
    {
      config: { policy: related('enrolled, owner') },
      schema: {
        operationId: 'readQuizCard',
        summary: 'What one may know of a quiz before beginning it, and where one stands with it',
        tags,
        params: Closed({ id: Id }),
        response: responses({ 200: QuizCard }, notEnrolled, notFound),
      },
    },
    async (request) => {
      const actor = actorOf(request)
      const { userId } = actor
      const quiz = await findQuizCard(db, { quizId: request.params.id, userId })
      if (!quiz) throw refuse(notFound)
      const courseId = quiz.course_id
      const live = await findLiveEnrollment(db, { userId, courseId })
      requireReader(actor, await findCourseFacts(db, courseId), live)
      return presentQuizCard(quiz)
    },
  )

  app.get(
    '/courses/:id/quizzes',
    {
      config: { policy: related('enrolled, owner') },
      schema: {
        operationId: 'listQuizzes',
        summary: 'The quizzes of a course and its exam, and where one stands with each',
        tags,
        params: Closed({ id: Id }),
        querystring: Closed(pageQuery),
        response: responses({ 200: QuizCardList }, notEnrolled, notFound),
      },
    },
    async (request) => {
      const actor = actorOf(request)
      const { userId } = actor
      const { limit, after } = readPage(request.query, isIdKey)
      const courseId = request.params.id
      const live = await findLiveEnrollment(db, { userId, courseId })
      requireReader(actor, await findCourseFacts(db, courseId), live)
      const rows = await findQuizCards(db, { courseId, userId }, { after, limit: limit + 1 })
      const { items, nextCursor } = toPage(rows, limit, (row) => row.id)
      return { items: items.map(presentQuizCard), nextCursor }
    },
  )
}
