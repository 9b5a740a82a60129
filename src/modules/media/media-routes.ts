import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { pageQuery, readPage, toPage } from '../../platform/http/pagination.ts'
import { related, signedIn } from '../../platform/http/policy.ts'
import { perAddress } from '../../platform/http/rate-limits.ts'
import { formWithFile } from '../../platform/http/read-form-file.ts'
import {
  badField,
  notFound,
  Refusal,
  refuse,
  storeFailed,
  storeFull,
  tooLarge,
  unsupportedMedia,
} from '../../platform/http/refusal.ts'
import { Closed, Page, responses } from '../../platform/http/schemas.ts'
import { Id, isId } from '../../platform/ids.ts'
import { deleteMedia } from './delete-media.ts'
import { mediaInUse, quotaExceeded } from './errors.ts'
import { createIntake, type IncomingFile } from './intake.ts'
import { ownsMedia } from './policy.ts'
import { presentMedia } from './present.ts'
import { findMedia, findMediaOf } from './queries.ts'
import { Media } from './schemas.ts'

const tags = ['Files and media']
/** More than what is around the file in a form. */
const formBytes = 2_000

export function mediaRoutes(app: App, deps: Deps): void {
  const { config, db, transact } = deps
  const intake = createIntake(deps)

  app.post(
    '/media',
    {
      config: {
        policy: signedIn,
        ...perAddress(120),
        longBody: true,
        documentedBody: formWithFile(
          'An image, a video, audio, a PDF or office document, a ZIP archive, plain text.',
        ),
      },
      schema: {
        operationId: 'uploadMedia',
        summary: 'Upload a file',
        description:
          'Judged by its content; streamed to the store. Images lose their metadata. Large files better come in parts: `/media/uploads`.',
        tags,
        consumes: ['multipart/form-data'],
        response: responses(
          { 201: Media },
          tooLarge,
          quotaExceeded,
          unsupportedMedia,
          storeFailed,
          storeFull,
        ),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      try {
        const media = await intake.receive(actor, await readForm(request))
        return reply.code(201).send(presentMedia(media, config, actor.at))
      } catch (error) {
        // What still comes is thrown away, so that the client gets to read the answer.
        request.raw.unpipe()
        request.raw.resume()
        throw asFormFault(error)
      }
    },
  )

  app.get(
    '/media',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'listMedia',
        summary: 'The own files, the newest first',
        tags,
        querystring: Closed(pageQuery),
        response: responses({ 200: Page(Media) }),
      },
    },
    async (request) => {
      const { userId, at } = actorOf(request)
      const { limit, after } = readPage(request.query, isMediaKey)
      const rows = await findMediaOf(db, userId, { after, limit: limit + 1 })
      const { items, nextCursor } = toPage(rows, limit, ({ id }) => id)
      return { items: items.map((media) => presentMedia(media, config, at)), nextCursor }
    },
  )

  app.delete(
    '/media/:id',
    {
      config: { policy: related('uploader, admin') },
      schema: {
        operationId: 'deleteMedia',
        summary: 'Delete a file that is not used',
        tags,
        params: Closed({ id: Id }),
        response: responses({ 204: Type.Null() }, notFound, mediaInUse),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const { id } = request.params
      const media = await findMedia(db, id)
      if (!media || !ownsMedia(actor, media)) throw refuse(notFound)
      await transact((tx) => deleteMedia(tx, actor, id))
      return reply.code(204).send(null)
    },
  )
}

const isMediaKey = (key: unknown): key is string => typeof key === 'string' && isId(key)

/** The one file of a form as it comes; what else is in the form is a fault, found when it is reached. */
async function readForm(request: FastifyRequest): Promise<IncomingFile> {
  if (!request.isMultipart()) throw refuse(unsupportedMedia, 'Send multipart/form-data with a field "file".')
  const limits = { files: 2, fields: 1, fieldSize: 1_000, parts: 3, fileSize: Number.MAX_SAFE_INTEGER }
  const parts = request.parts({ limits })
  const { value: part } = await parts.next()
  if (!part) throw badField('/file', 'is required')
  if (part.type !== 'file' || part.fieldname !== 'file')
    throw badField(`/${part.fieldname}`, 'is not a known field')
  async function* source(): AsyncGenerator<Buffer> {
    if (part?.type === 'file') yield* part.file
    const { value: more } = await parts.next()
    if (more) throw badField(`/${more.fieldname}`, 'is one field too many: send one file')
  }
  const length = Number(request.headers['content-length'] ?? 0)
  return {
    fileName: part.filename,
    declaredType: part.mimetype,
    bytes: Math.max(0, length - formBytes),
    source: source(),
  }
}

/** The parser's own errors for a form that is malformed, or cut off, are plain ones. */
function asFormFault(error: unknown): unknown {
  const isParsers =
    error instanceof Error && /multipart|Part terminated|Premature|aborted/i.test(error.message)
  return isParsers && !(error instanceof Refusal)
    ? badField('', 'The form is malformed, or was cut off.')
    : error
}
