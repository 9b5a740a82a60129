import type { App } from '../../platform/http/app.ts'
import {
  type StreamedEvent,
  sendEvents,
  wantsEvents,
  whileConnected,
} from '../../platform/http/event-stream.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { related } from '../../platform/http/policy.ts'
import { perPerson } from '../../platform/http/rate-limits.ts'
import { forbidden, notFound } from '../../platform/http/refusal.ts'
import { responses } from '../../platform/http/schemas.ts'
import type { Said } from './ask.ts'
import { type AskingDeps, askAndRecord, type Output, requireModel, wholeOf } from './ask-and-record.ts'
import { aiFailed, aiNotConfigured, lessonTooLong, lessonWithoutText } from './errors.ts'
import { readLessonText } from './read-lesson-text.ts'
import { LessonToSummarize, Summary } from './schemas.ts'
import { summaryTask } from './summary-task.ts'

export function summarizeRoutes(app: App, deps: AskingDeps): void {
  app.post(
    '/ai/summarize',
    {
      config: { policy: related('enrolled, owner; anyone if preview'), ...perPerson(30) },
      schema: {
        operationId: 'summarizeLesson',
        summary: 'What a lesson says, in short',
        description:
          'With `Accept: text/event-stream` as it is written: events `delta` with `{ text }`; `restart`, where what came so far is void; at ' +
          'the end `done` with the whole answer, or `error` with a problem document.',
        tags: ['Assistant'],
        body: LessonToSummarize,
        produces: ['application/json', 'text/event-stream'],
        response: responses(
          { 200: Summary },
          forbidden,
          notFound,
          lessonWithoutText,
          lessonTooLong,
          aiFailed,
          aiNotConfigured,
        ),
      },
    },
    async (request, reply) => {
      requireModel(deps)
      const { lessonId } = request.body
      const actor = actorOf(request)
      const task = summaryTask(await readLessonText(deps, actor, lessonId))
      const answer = askAndRecord(deps, actor, task, { signal: whileConnected(reply) })
      reply.header('vary', 'Accept')
      if (!wantsEvents(request.headers.accept)) return present(lessonId, await wholeOf(answer))
      return sendEvents(request, reply, eventsOf(lessonId, answer)) as never
    },
  )
}

async function* eventsOf(
  lessonId: string,
  answer: AsyncGenerator<Said, Output<string>>,
): AsyncGenerator<StreamedEvent> {
  try {
    for (;;) {
      const next = await answer.next()
      if (next.done) return yield { name: 'done', data: present(lessonId, next.value) }
      const said = next.value
      yield said === 'restart' ? { name: 'restart', data: {} } : { name: 'delta', data: { text: said.delta } }
    }
  } finally {
    await answer.return(undefined as never)
  }
}

function present(lessonId: string, output: Output<string>): Summary {
  const { content: summary, cached, inputTokens, outputTokens } = output
  return { lessonId, summary, cached, usage: { inputTokens, outputTokens } }
}
