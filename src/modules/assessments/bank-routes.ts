import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { largeBody } from '../../platform/http/body-limits.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { isIdKey, pageQuery, readPage, toPage } from '../../platform/http/pagination.ts'
import { related } from '../../platform/http/policy.ts'
import { forbidden, notFound } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { findCourseFacts, requireOwner } from '../catalogue/index.ts'
import { addQuestion } from './add-question.ts'
import { findBankQuestions } from './bank-queries.ts'
import { changeQuestion } from './change-question.ts'
import { bankFull } from './errors.ts'
import { presentBankQuestion } from './present.ts'
import { removeQuestion } from './remove-question.ts'
import { BankQuestion, BankQuestionList, NewQuestion, QuestionChange } from './schemas.ts'

const tags = ['Learning']
const owner = related('owner', 'instructor', 'admin')
const params = Closed({ id: Id, questionId: Id })

/** The bank of questions of a course: what its quizzes draw from. */
export function bankRoutes(app: App, { db, transact }: Deps): void {
  app.post(
    '/courses/:id/questions',
    {
      config: { policy: owner },
      bodyLimit: largeBody,
      schema: {
        operationId: 'addQuestion',
        summary: 'Put a question into the bank of a course, for its quizzes to draw',
        tags,
        params: Closed({ id: Id }),
        body: NewQuestion,
        response: responses({ 201: BankQuestion }, forbidden, notFound, bankFull),
      },
    },
    async (request, reply) => {
      const input = { courseId: request.params.id, question: request.body }
      const added = await transact((tx) => addQuestion(tx, actorOf(request), input))
      reply.code(201)
      return presentBankQuestion(added)
    },
  )

  app.get(
    '/courses/:id/questions',
    {
      config: { policy: owner },
      schema: {
        operationId: 'listQuestions',
        summary: 'The questions of the bank of a course, with the right answers',
        tags,
        params: Closed({ id: Id }),
        querystring: Closed({
          ...pageQuery,
          tag: Type.Optional(Type.String({ minLength: 1, maxLength: 50 })),
        }),
        response: responses({ 200: BankQuestionList }, forbidden, notFound),
      },
    },
    async (request) => {
      const { limit, after } = readPage(request.query, isIdKey)
      const { id: courseId } = requireOwner(actorOf(request), await findCourseFacts(db, request.params.id))
      const filter = { courseId, tag: request.query.tag ?? null }
      const rows = await findBankQuestions(db, filter, { after, limit: limit + 1 })
      const { items, nextCursor } = toPage(rows, limit, (row) => row.id)
      return { items: items.map(presentBankQuestion), nextCursor }
    },
  )

  app.patch(
    '/courses/:id/questions/:questionId',
    {
      config: { policy: owner },
      bodyLimit: largeBody,
      schema: {
        operationId: 'changeQuestion',
        summary: 'Change a question of the bank; attempts that have drawn it keep it as it was',
        tags,
        params,
        body: QuestionChange,
        response: responses({ 200: BankQuestion }, forbidden, notFound),
      },
    },
    async (request) => {
      const { id: courseId, questionId } = request.params
      const input = { courseId, questionId, change: request.body }
      return presentBankQuestion(await transact((tx) => changeQuestion(tx, actorOf(request), input)))
    },
  )

  app.delete(
    '/courses/:id/questions/:questionId',
    {
      config: { policy: owner },
      schema: {
        operationId: 'removeQuestion',
        summary: 'Take a question out of the bank; quizzes draw from what is left',
        tags,
        params,
        response: responses({ 204: Type.Null() }, forbidden, notFound),
      },
    },
    async (request, reply) => {
      const { id: courseId, questionId } = request.params
      await transact((tx) => removeQuestion(tx, actorOf(request), { courseId, questionId }))
      return reply.code(204).send(null)
    },
  )
}
