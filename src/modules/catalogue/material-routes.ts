import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { related } from '../../platform/http/policy.ts'
import { forbidden, notFound } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { addMaterial } from './add-material.ts'
import { materialsFull } from './errors.ts'
import { presentMaterial } from './present.ts'
import { removeMaterial } from './remove-material.ts'
import { Material, NewMaterial } from './schemas.ts'

const tags = ['Catalogue and content']
const owner = related('owner', 'instructor', 'admin')

/** Reading a material is the learning module's: it knows for whom its lesson is open. */
export function materialRoutes(app: App, { config, transact }: Deps): void {
  app.post(
    '/lessons/:id/materials',
    {
      config: { policy: owner },
      schema: {
        operationId: 'addMaterial',
        summary: 'Attach an uploaded file to a lesson',
        tags,
        params: Closed({ id: Id }),
        body: NewMaterial,
        response: responses({ 201: Material }, forbidden, notFound, materialsFull),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const input = { ...request.body, lessonId: request.params.id }
      const { material, media } = await transact((tx) => addMaterial(tx, actor, input))
      reply.code(201)
      return presentMaterial(material, media, config, actor.at)
    },
  )

  app.delete(
    '/materials/:id',
    {
      config: { policy: owner },
      schema: {
        operationId: 'removeMaterial',
        summary: 'Take an attachment away from its lesson',
        tags,
        params: Closed({ id: Id }),
        response: responses({ 204: Type.Null() }, forbidden, notFound),
      },
    },
    async (request, reply) => {
      await transact((tx) => removeMaterial(tx, actorOf(request), request.params.id))
      return reply.code(204).send(null)
    },
  )
}
