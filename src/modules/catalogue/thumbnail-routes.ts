import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { isKnown } from '../../platform/http/etag.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { anyone, related } from '../../platform/http/policy.ts'
import { perAddress } from '../../platform/http/rate-limits.ts'
import { formWithFile, readFormFile } from '../../platform/http/read-form-file.ts'
import {
  forbidden,
  notFound,
  refuse,
  storeFailed,
  storeFull,
  tooLarge,
  unsupportedMedia,
} from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { findCourseFacts } from './course-queries.ts'
import { requireOwner } from './policy.ts'
import { Course } from './schemas.ts'
import { setThumbnail } from './set-thumbnail.ts'
import { showCourse } from './show-course.ts'
import { expectThumbnail, storeThumbnail } from './store-thumbnail.ts'
import {
  mostThumbnailBytes,
  newThumbnailKey,
  thumbnailFile,
  thumbnailType,
  thumbnailWidths,
} from './thumbnails.ts'

const tags = ['Catalogue and content']
const owner = related('owner', 'instructor', 'admin')

export function thumbnailRoutes(app: App, { config, db, storage, transact }: Deps): void {
  app.put(
    '/courses/:id/thumbnail',
    {
      config: {
        policy: owner,
        ...perAddress(60),
        documentedBody: formWithFile('PNG, JPEG or WebP to 10 MB.'),
      },
      schema: {
        operationId: 'setThumbnail',
        summary: 'Set the picture of a course',
        description:
          'Judged by its content; kept as WebP, 320, 640 and 1,280 pixels wide at most, without metadata.',
        tags,
        params: Closed({ id: Id }),
        consumes: ['multipart/form-data'],
        response: responses(
          { 200: Course },
          forbidden,
          notFound,
          tooLarge,
          unsupportedMedia,
          storeFailed,
          storeFull,
        ),
      },
    },
    async (request) => {
      const actor = actorOf(request)
      const courseId = request.params.id
      requireOwner(actor, await findCourseFacts(db, courseId))
      const bytes = await readFormFile(request, { mostBytes: mostThumbnailBytes })
      const key = newThumbnailKey()
      await transact((tx) => expectThumbnail(tx, actor, key))
      await storeThumbnail(storage, key, bytes)
      return transact(async (tx) => {
        await setThumbnail(tx, actor, { courseId, key })
        return showCourse(tx, courseId, config)
      })
    },
  )

  app.delete(
    '/courses/:id/thumbnail',
    {
      config: { policy: owner },
      schema: {
        operationId: 'removeThumbnail',
        summary: 'Take the picture of a course away',
        tags,
        params: Closed({ id: Id }),
        response: responses({ 204: Type.Null() }, forbidden, notFound),
      },
    },
    async (request, reply) => {
      const input = { courseId: request.params.id, key: null }
      await transact((tx) => setThumbnail(tx, actorOf(request), input))
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/thumbnails/:name',
    {
      config: { policy: anyone },
      schema: {
        operationId: 'getThumbnail',
        summary: 'The picture of a course, as `thumbnail` names it',
        tags,
        params: Closed({
          name: Type.String({ pattern: `^[0-9a-f]{32}-(${thumbnailWidths.join('|')})\\.webp$` }),
        }),
        produces: [thumbnailType],
        response: responses(
          {
            200: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }),
            304: Type.Null({ description: 'You have it: its name is its `ETag`.' }),
          },
          notFound,
          storeFailed,
        ),
      },
    },
    async (request, reply) => {
      const [key = '', width] = request.params.name.replace('.webp', '').split('-')
      const file = thumbnailFile(key, Number(width))
      // A new picture has a new name.
      const tag = `"${key}-${width}"`
      const headers = { 'cache-control': 'public, max-age=31536000, immutable', etag: tag }
      if (isKnown(request.headers['if-none-match'], tag) && (await storage.head(file)))
        return reply.code(304).headers(headers).send(null)
      const picture = await storage.open(file)
      if (!picture) throw refuse(notFound)
      reply.headers(headers)
      reply.header('content-length', picture.bytes)
      return reply.type(thumbnailType).send(picture.stream)
    },
  )
}
