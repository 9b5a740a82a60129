import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { largeBody } from '../../platform/http/body-limits.ts'
import { tagVersion } from '../../platform/http/etag.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { IfMatchHeader, stale } from '../../platform/http/if-match.ts'
import { related } from '../../platform/http/policy.ts'
import { forbidden, notFound } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { addSection } from './add-section.ts'
import { changeSection } from './change-section.ts'
import { courseFull, outlineStale } from './errors.ts'
import { presentOutline, presentSection } from './present.ts'
import { removeSection } from './remove-section.ts'
import { reorderOutline } from './reorder-outline.ts'
import { NewSection, Outline, OutlineOrder, Section, SectionChange, versionOfCourse } from './schemas.ts'

const tags = ['Catalogue and content']
const owner = related('owner', 'instructor', 'admin')

export function sectionRoutes(app: App, { transact }: Deps): void {
  app.post(
    '/sections',
    {
      config: { policy: owner },
      schema: {
        operationId: 'addSection',
        summary: 'Add a section at the end of a course',
        tags,
        body: NewSection,
        response: responses({ 201: Section }, forbidden, notFound, courseFull),
      },
    },
    async (request, reply) => {
      const section = await transact((tx) => addSection(tx, actorOf(request), request.body))
      reply.code(201)
      return presentSection(section)
    },
  )

  app.patch(
    '/sections/:id',
    {
      config: { policy: owner },
      schema: {
        operationId: 'changeSection',
        summary: 'Change a section',
        description: versionOfCourse,
        tags,
        params: Closed({ id: Id }),
        headers: IfMatchHeader,
        body: SectionChange,
        response: responses({ 200: Section }, forbidden, notFound, stale),
      },
    },
    async (request, reply) => {
      const input = {
        sectionId: request.params.id,
        change: request.body,
        ifMatch: request.headers['if-match'],
      }
      const { section, version } = await transact((tx) => changeSection(tx, actorOf(request), input))
      tagVersion(reply, version)
      return presentSection(section)
    },
  )

  app.delete(
    '/sections/:id',
    {
      config: { policy: owner },
      schema: {
        operationId: 'removeSection',
        summary:
          'Remove a section with its lessons, and the progress in them; attempts at their quizzes stay',
        tags,
        params: Closed({ id: Id }),
        response: responses({ 204: Type.Null() }, forbidden, notFound),
      },
    },
    async (request, reply) => {
      await transact((tx) => removeSection(tx, actorOf(request), request.params.id))
      return reply.code(204).send(null)
    },
  )

  app.put(
    '/courses/:id/outline',
    {
      config: { policy: owner },
      bodyLimit: largeBody,
      schema: {
        operationId: 'reorderOutline',
        summary: 'Put all sections and lessons of a course into a new order, at once',
        description: 'A 409 `outline_stale` lists the ids that are `missing`, `unknown` or `repeated`.',
        tags,
        params: Closed({ id: Id }),
        headers: IfMatchHeader,
        body: OutlineOrder,
        response: responses({ 200: Outline }, forbidden, notFound, outlineStale, stale),
      },
    },
    async (request) => {
      const input = { courseId: request.params.id, order: request.body, ifMatch: request.headers['if-match'] }
      const { sections } = await transact((tx) => reorderOutline(tx, actorOf(request), input))
      return presentOutline(sections)
    },
  )
}
