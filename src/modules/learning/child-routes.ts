import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { related } from '../../platform/http/policy.ts'
import { notFound } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { requireChild } from '../guardians/index.ts'
import { presentProgress } from './present.ts'
import { readChildStudy } from './read-child-study.ts'
import { Progress } from './schemas.ts'

export function childProgressRoutes(app: App, { transact }: Deps): void {
  app.get(
    '/children/:childId/progress/:courseId',
    {
      config: { policy: related('parent of that child', 'parent') },
      schema: {
        operationId: 'readProgressOfChild',
        summary: 'The progress of an own child in a course',
        tags: ['Guardians'],
        params: Closed({ childId: Id, courseId: Id }),
        response: responses({ 200: Progress }, notFound),
      },
    },
    async (request) => {
      const { childId, courseId } = request.params
      const actor = actorOf(request)
      const study = await transact(async (tx) => {
        await requireChild(tx, actor, { childId, what: 'progress' })
        return readChildStudy(tx, actor, { childId, courseId })
      })
      return presentProgress(study)
    },
  )
}
