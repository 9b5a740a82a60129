import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { largeBody } from '../../platform/http/body-limits.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { isIdKey, pageQuery, readPage, toPage } from '../../platform/http/pagination.ts'
import { related } from '../../platform/http/policy.ts'
import { notFound } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { lessonLocked, notEnrolled } from '../learning/index.ts'
import { AnswersIn, Attempt, AttemptList, SavedAnswers } from './attempt-schemas.ts'
import { attemptClosed, attemptsExhausted, deadlinePassed, quizEmpty } from './errors.ts'
import { listAttempts } from './list-attempts.ts'
import { listAttemptsOfChildren } from './list-attempts-of-children.ts'
import { presentAttempt, presentAttemptSummary, presentSaved } from './present.ts'
import { readAttempt, readAttemptOfChild } from './read-attempt.ts'
import { saveAnswers } from './save-answers.ts'
import { startAttempt } from './start-attempt.ts'
import { submitAttempt } from './submit-attempt.ts'

const tags = ['Learning']
const itsStudent = related('its student')
const itsReaders = related('its student, owner, parent')

export function attemptRoutes(app: App, { db, transact }: Deps): void {
  app.post(
    '/quizzes/:id/attempts',
    {
      config: { policy: related('enrolled') },
      schema: {
        operationId: 'startAttempt',
        summary: 'Begin an attempt at a quiz; asked again, the one that is open',
        tags,
        params: Closed({ id: Id }),
        response: responses(
          { 200: { ...Attempt, description: 'It was open already.' }, 201: Attempt },
          notEnrolled,
          notFound,
          attemptsExhausted,
          lessonLocked,
          quizEmpty,
        ),
      },
    },
    async (request, reply) => {
      const { attempt, begun } = await transact((tx) => startAttempt(tx, actorOf(request), request.params.id))
      reply.code(begun ? 201 : 200)
      return presentAttempt(attempt)
    },
  )

  app.get(
    '/quizzes/:id/attempts',
    {
      config: { policy: itsReaders },
      schema: {
        operationId: 'listAttempts',
        summary:
          'The attempts at a quiz, newest first: own ones; for owners, those of all or of one person; for parents, of a child',
        tags,
        params: Closed({ id: Id }),
        querystring: Closed({ ...pageQuery, userId: Type.Optional(Id) }),
        response: responses({ 200: AttemptList }, notEnrolled, notFound),
      },
    },
    async (request) => {
      const { limit, after } = readPage(request.query, isIdKey)
      const which = { quizId: request.params.id, userId: request.query.userId ?? null }
      const actor = actorOf(request)
      const page = { after, limit: limit + 1 }
      const rows = await (actor.role === 'parent'
        ? transact((tx) => listAttemptsOfChildren(tx, actor, which, page))
        : listAttempts(db, actor, which, page))
      const { items, nextCursor } = toPage(rows, limit, (row) => row.id)
      return { items: items.map(presentAttemptSummary), nextCursor }
    },
  )

  app.get(
    '/attempts/:id',
    {
      config: { policy: itsReaders },
      schema: {
        operationId: 'readAttempt',
        summary: 'One attempt; what was right as the quiz reveals it',
        tags,
        params: Closed({ id: Id }),
        response: responses({ 200: Attempt }, notFound),
      },
    },
    async (request) => {
      const actor = actorOf(request)
      const { id } = request.params
      const { attempt, solution } = await (actor.role === 'parent'
        ? transact((tx) => readAttemptOfChild(tx, actor, id))
        : readAttempt(db, actor, id))
      return presentAttempt(attempt, solution)
    },
  )

  app.put(
    '/attempts/:id/answers',
    {
      config: { policy: itsStudent },
      bodyLimit: largeBody,
      schema: {
        operationId: 'saveAnswers',
        summary: 'Save answers as one goes; those that are not sent stay',
        description:
          'May be sent again, late and out of order **with `sequence`**: then an older answer never replaces a newer one. **An answer ' +
          'without `sequence` counts as the newest, whenever it arrives**, so that a late repetition of it undoes what was answered since. ' +
          'Five seconds after the deadline nothing is taken any more. The questions are not in what comes back: they do not change.',
        tags,
        params: Closed({ id: Id }),
        body: AnswersIn,
        response: responses({ 200: SavedAnswers }, notEnrolled, notFound, attemptClosed, deadlinePassed),
      },
    },
    async (request) => {
      const input = { attemptId: request.params.id, answers: request.body.answers }
      return presentSaved(await transact((tx) => saveAnswers(tx, actorOf(request), input)))
    },
  )

  app.post(
    '/attempts/:id/submit',
    {
      config: { policy: itsStudent },
      schema: {
        operationId: 'submitAttempt',
        summary: 'Hand an attempt in: what was saved is graded. Asked again, the same',
        tags,
        params: Closed({ id: Id }),
        response: responses({ 200: Attempt }, notEnrolled, notFound),
      },
    },
    async (request) => {
      const actor = actorOf(request)
      const attemptId = request.params.id
      const { attempt, solution } = await transact(async (tx) => {
        await submitAttempt(tx, actor, attemptId)
        return readAttempt(tx, actor, attemptId)
      })
      return presentAttempt(attempt, solution)
    },
  )
}
