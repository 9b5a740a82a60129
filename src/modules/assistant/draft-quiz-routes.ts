import type { App } from '../../platform/http/app.ts'
import { whileConnected } from '../../platform/http/event-stream.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { related } from '../../platform/http/policy.ts'
import { perPerson } from '../../platform/http/rate-limits.ts'
import { forbidden, notFound } from '../../platform/http/refusal.ts'
import { responses } from '../../platform/http/schemas.ts'
import { type AskingDeps, askAndRecord, requireModel, wholeOf } from './ask-and-record.ts'
import { aiFailed, aiNotConfigured, lessonTooLong, lessonWithoutText } from './errors.ts'
import { quizTask } from './quiz-task.ts'
import { readOwnLessonText } from './read-lesson-text.ts'
import { QuizDraft, QuizWanted } from './schemas.ts'

export function draftQuizRoutes(app: App, deps: AskingDeps): void {
  app.post(
    '/ai/quiz',
    {
      config: { policy: related('owner', 'instructor', 'admin'), ...perPerson(30) },
      schema: {
        operationId: 'draftQuiz',
        summary: 'A draft of a quiz about a lesson, each question with the passage it comes from',
        description:
          'It is not saved. Look through it, change it, and send it as it is to `PUT /lessons/:id/quiz` (of a lesson of the type quiz) or ' +
          '`PUT /courses/:id/exam`; `drafted` and the citations are not kept. It may have fewer questions than were asked for.',
        tags: ['Assistant'],
        body: QuizWanted,
        response: responses(
          { 200: QuizDraft },
          forbidden,
          notFound,
          lessonWithoutText,
          lessonTooLong,
          aiFailed,
          aiNotConfigured,
        ),
      },
    },
    async (request, reply): Promise<QuizDraft> => {
      requireModel(deps)
      const { lessonId, fresh = false, ...wish } = request.body
      const actor = actorOf(request)
      const task = quizTask(await readOwnLessonText(deps, actor, lessonId), wish)
      const answer = askAndRecord(deps, actor, task, { signal: whileConnected(reply), fresh })
      const { title, questions } = (await wholeOf(answer)).content
      const terms = { passPercent: 70, shuffle: true, revealAnswers: 'after_submit' } as const
      return { drafted: true, title, ...terms, questions: [...questions] }
    },
  )
}
