import type { Actor } from '../../platform/actor.ts'
import type { App } from '../../platform/http/app.ts'
import { whileConnected } from '../../platform/http/event-stream.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { related } from '../../platform/http/policy.ts'
import { perPerson } from '../../platform/http/rate-limits.ts'
import { forbidden, notFound } from '../../platform/http/refusal.ts'
import { responses } from '../../platform/http/schemas.ts'
import { requireChild } from '../guardians/index.ts'
import { notEnrolled } from '../learning/index.ts'
import { type AskingDeps, askAndRecord, requireModel, wholeOf } from './ask-and-record.ts'
import { aiFailed, aiNotConfigured } from './errors.ts'
import { feedbackTask } from './feedback-task.ts'
import { type Audience, readFigures } from './read-figures.ts'
import { Feedback, ProgressToComment } from './schemas.ts'

export function feedbackRoutes(app: App, deps: AskingDeps): void {
  const { db, transact } = deps

  app.post(
    '/ai/feedback',
    {
      config: { policy: related('its student, owner, parent'), ...perPerson(30) },
      schema: {
        operationId: 'giveFeedback',
        summary: 'Feedback on the progress of a student in a course, and the figures it rests on',
        description: 'The model is given the figures and the titles; it is not told whose they are.',
        tags: ['Assistant'],
        body: ProgressToComment,
        response: responses({ 200: Feedback }, notEnrolled, forbidden, notFound, aiFailed, aiNotConfigured),
      },
    },
    async (request, reply) => {
      requireModel(deps)
      const actor = actorOf(request)
      const { courseId, studentId = actor.userId } = request.body
      const audience = audienceOf(actor, studentId)
      if (audience === 'parent')
        await transact((tx) => requireChild(tx, actor, { childId: studentId, what: 'feedback' }))
      const { figures, courseTitle } = await readFigures(db, actor, { courseId, studentId, audience })
      const task = feedbackTask(figures, { studentId, audience, courseTitle })
      const answer = askAndRecord(deps, actor, task, { signal: whileConnected(reply) })
      const { content: feedback, cached, inputTokens, outputTokens } = await wholeOf(answer)
      return { courseId, studentId, feedback, figures, cached, usage: { inputTokens, outputTokens } }
    },
  )
}

function audienceOf(actor: Actor, studentId: string): Audience {
  if (studentId === actor.userId) return 'student'
  return actor.role === 'parent' ? 'parent' : 'owner'
}
