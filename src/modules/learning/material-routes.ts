import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { notFound } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { Material, presentMaterial } from '../catalogue/index.ts'
import { lessonHidden, notEnrolled } from './errors.ts'
import { lessonReader } from './policy.ts'
import { readMaterial } from './read-material.ts'

/** Beside the catalogue's own routes of materials, since who may read one depends on the progress. */
export function materialRoutes(app: App, deps: Deps): void {
  const { config, clock } = deps
  app.get(
    '/materials/:id',
    {
      config: { policy: lessonReader },
      schema: {
        operationId: 'readMaterial',
        summary: 'An attachment of a lesson, for those who may read the lesson',
        tags: ['Catalogue and content'],
        params: Closed({ id: Id }),
        response: responses({ 200: Material }, notEnrolled, lessonHidden, notFound),
      },
    },
    async (request) => {
      const { actor, params } = request
      const material = await readMaterial(deps, actor, params.id)
      return presentMaterial(material, material.media, config, actor?.at ?? clock.now())
    },
  )
}
