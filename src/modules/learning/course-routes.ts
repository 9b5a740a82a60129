import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { related, visitor } from '../../platform/http/policy.ts'
import { notFound } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { sendJson } from '../../platform/http/serialize.ts'
import { Id } from '../../platform/ids.ts'
import { ofCourse, recallOutline } from '../catalogue/index.ts'
import { writeCourseView } from './course-page-text.ts'
import { lessonHidden, notEnrolled } from './errors.ts'
import { writeStudyOutline } from './outline-text.ts'
import { lessonReader } from './policy.ts'
import { presentCourseView, presentLessonPage } from './present.ts'
import { readCoursePage } from './read-course-page.ts'
import { readLesson } from './read-lesson.ts'
import { readOutline } from './read-outline.ts'
import { renderText } from './render-text.ts'
import { CoursePage, Format, LessonPage, StudyOutline } from './schemas.ts'

const tags = ['Catalogue and content']

/** The course as its readers see it: the content is the catalogue's, what one may see of it is decided here. */
export function courseRoutes(app: App, deps: Deps): void {
  const { config, clock, db, pages } = deps
  app.get(
    '/courses/:id',
    {
      config: { policy: visitor },
      schema: {
        operationId: 'readCourse',
        summary: 'The page of a course, by id or slug; drafts for their owners only',
        description: 'Its `ETag` can be sent as `If-Match` with changes of the course.',
        tags,
        params: Closed({
          id: Type.String({
            minLength: 1,
            maxLength: 80,
            description: 'Id or slug.',
            examples: ['git-basics'],
          }),
        }),
        querystring: Closed({ format: Format }),
        response: responses(
          {
            200: CoursePage,
            301: Type.Null({
              description: 'The slug is one that the course had: `Location` is its address.',
            }),
          },
          notFound,
        ),
      },
    },
    async (request, reply) => {
      const { actor, params, query } = request
      return pages.answer(request, reply, async () => {
        const view = await readCoursePage(deps, actor, params.id)
        const { id, slug, version } = view.course
        if (params.id !== id && params.id !== slug) {
          const asked = query.format === undefined ? '' : `?format=${query.format}`
          // Not to be kept: the course may get its old slug back.
          reply.header('cache-control', 'no-cache').header('location', `/api/courses/${slug}${asked}`)
          reply.code(301).send(null)
          return null
        }
        if (actor && query.format !== 'html')
          return { body: writeCourseView(view, config), of: ofCourse(id), version }
        const page = presentCourseView(view, actor !== null, config)
        if (query.format !== 'html' || !page.description) return { body: page, of: ofCourse(id), version }
        const { text_media: named } = view.course
        const text = { named, config, at: actor?.at ?? clock.now() }
        const { html, isSigned } = await renderText(page.description, text)
        return { body: { ...page, descriptionHtml: html }, of: isSigned ? null : ofCourse(id), version }
      })
    },
  )

  app.get(
    '/courses/:id/outline',
    {
      config: { policy: related('enrolled, owner') },
      schema: {
        operationId: 'readOutline',
        summary: 'Sections and lessons, each lesson locked, open or completed',
        tags,
        params: Closed({ id: Id }),
        response: responses({ 200: StudyOutline }, notEnrolled, notFound),
      },
    },
    async (request, reply) => {
      const course = await recallOutline(deps, { courseId: request.params.id })
      return sendJson(reply, writeStudyOutline(await readOutline(db, actorOf(request), course)))
    },
  )

  app.get(
    '/courses/:courseId/lessons/:lessonId',
    {
      config: { policy: lessonReader },
      schema: {
        operationId: 'readLesson',
        summary: 'What a lesson says, with its file and its materials',
        tags,
        params: Closed({ courseId: Id, lessonId: Id }),
        querystring: Closed({ format: Format }),
        response: responses({ 200: LessonPage }, notEnrolled, lessonHidden, notFound),
      },
    },
    async (request, reply) => {
      const { actor, params, query } = request
      return pages.answer(request, reply, async () => {
        const at = actor?.at ?? clock.now()
        const view = await readLesson(deps, actor, params)
        const page = presentLessonPage(view, config, at)
        const text = { named: view.content.text_media, config, at }
        const body = query.format === 'html' && page.body ? await renderText(page.body, text) : null
        // Signed addresses end.
        const isSigned = page.media !== undefined || page.materials.length > 0 || body?.isSigned === true
        return {
          body: { ...page, ...(body ? { bodyHtml: body.html } : {}) },
          of: isSigned ? null : ofCourse(page.courseId),
          version: view.version,
        }
      })
    },
  )
}
