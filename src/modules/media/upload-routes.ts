import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Actor } from '../../platform/actor.ts'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { related, signedIn } from '../../platform/http/policy.ts'
import {
  badField,
  notFound,
  refuse,
  storeFailed,
  storeFull,
  tooLarge,
  unsupportedMedia,
} from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { appendPart } from './append-part.ts'
import { deleteMedia } from './delete-media.ts'
import {
  checksumMismatch,
  mediaInUse,
  quotaExceeded,
  tusVersionUnsupported,
  uploadElsewhere,
  uploadExpired,
  uploadOffsetConflict,
} from './errors.ts'
import { createIntake } from './intake.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { partBytes, partPath, removePart } from './part-files.ts'
import { presentMedia } from './present.ts'
import { findMedia, type MediaRow } from './queries.ts'
import { reserveMedia } from './reserve-media.ts'
import { mostBytes, patienceMs } from './rules.ts'
import { Media } from './schemas.ts'
import { keepSweepingParts } from './sweep-parts.ts'
import {
  readUploadChecksum,
  readUploadMetadata,
  tusAlgorithms,
  tusExtensions,
  tusVersion,
} from './tus-rules.ts'
import { updateReceived } from './usage-queries.ts'

const tags = ['Files and media']
const uploader = related('uploader')
const Resumable = { 'tus-resumable': Type.Optional(Type.String({ examples: [tusVersion] })) }
const Bytes = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

/** Large files in parts, by tus 1.0; in a child of its own, where a part is a stream. */
export async function uploadRoutes(app: App, deps: Deps): Promise<void> {
  let stopSweeping: () => void = () => undefined
  app.addHook('onReady', async () => {
    stopSweeping = await keepSweepingParts(deps)
  })
  app.addHook('onClose', async () => stopSweeping())
  await app.register(async (child: App) => {
    child.addContentTypeParser('application/offset+octet-stream', (_request, payload, done) =>
      done(null, payload),
    )
    child.addHook('onSend', async (request, reply) => {
      reply.header('tus-resumable', tusVersion)
      if (request.method !== 'OPTIONS' && reply.statusCode !== 412) return
      reply.headers({
        'tus-version': tusVersion,
        'tus-extension': tusExtensions,
        'tus-max-size': String(mostBytes),
        'tus-checksum-algorithm': tusAlgorithms.join(','),
      })
    })
    tusRoutes(child, deps)
  })
}

function tusRoutes(app: App, deps: Deps): void {
  const { config, db, transact } = deps
  const intake = createIntake(deps)
  const alone = oneAtATime()
  const folder = `${config.publicUrl.replace(/^\w+:\/\/[^/]*/, '')}/api/media/uploads`

  // Answered by CORS before it comes here; the hook above adds what the protocol wants.
  app.options('/media/uploads', { schema: { hide: true } }, (_request, reply) => reply.code(204).send())

  app.post(
    '/media/uploads',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'beginUpload',
        summary: 'Begin a resumable upload (tus 1.0: creation)',
        description:
          '`Location` is where its parts go, by PATCH. Its last name is the id of the Media that it becomes. The room is reserved at once. An upload of which nothing comes for 24 hours is over.',
        tags,
        headers: Type.Object({
          ...Resumable,
          'upload-length': Type.Integer({
            minimum: 1,
            maximum: Number.MAX_SAFE_INTEGER,
            description: 'Of the whole file, in bytes.',
          }),
          'upload-metadata': Type.Optional(
            Type.String({ maxLength: 4_000, description: '`filename` and `filetype`, in Base64.' }),
          ),
        }),
        response: responses({ 201: Media }, tusVersionUnsupported, tooLarge, quotaExceeded),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      requireTus(request)
      const { 'upload-length': bytes, 'upload-metadata': uploadMetadata = '' } = request.headers
      const { fileName } = readUploadMetadata(uploadMetadata)
      if (bytes > mostBytes) throw refuse(tooLarge, `A file may have ${mostBytes} bytes.`)
      const input = { fileName, bytes, quotas: config.mediaQuotas, ending: null, uploadMetadata }
      const media = await transact((tx) => reserveMedia(tx, actor, input))
      reply.header('location', `${folder}/${media.id}`)
      return sayExpiry(reply, actor)
        .code(201)
        .send(presentMedia(media, config, actor.at))
    },
  )

  app.head(
    '/media/uploads/:id',
    {
      config: { policy: uploader },
      schema: {
        hide: true,
        params: Closed({ id: Id }),
        headers: Type.Object(Resumable),
        response: responses({ 200: Type.Null() }),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const { id } = request.params
      requireTus(request)
      let media = await requireUpload(actor, id)
      let offset = await offsetOf(media)
      if (media.status === 'uploading' && offset === media.bytes) {
        // All of it came, and then the server was killed: for the client this is the end of its upload.
        media = await alone(id, async () => finish(actor, await requireUpload(actor, id)))
        offset = media.bytes
      }
      if (media.status === 'uploading') sayExpiry(reply, { at: media.touched_at })
      reply.headers({ 'upload-offset': offset, 'upload-length': media.bytes, 'cache-control': 'no-store' })
      if (media.upload_metadata) reply.header('upload-metadata', media.upload_metadata)
      return reply.code(200).send(null)
    },
  )

  app.patch(
    '/media/uploads/:id',
    {
      config: {
        policy: uploader,
        longBody: true,
        documentedBody: { type: 'string', format: 'binary', description: 'The part.' },
      },
      schema: {
        operationId: 'continueUpload',
        summary: 'Send the next part of a resumable upload (tus 1.0)',
        description:
          '`HEAD` on the same path says at which `Upload-Offset` it is. With the last part the file is judged as any upload: by then it is a Media with this id.',
        tags,
        consumes: ['application/offset+octet-stream'],
        params: Closed({ id: Id }),
        headers: Type.Object({
          ...Resumable,
          'upload-offset': Bytes,
          'upload-checksum': Type.Optional(
            Type.String({
              maxLength: 200,
              examples: ['sha256 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='],
            }),
          ),
        }),
        response: responses(
          { 204: Type.Null() },
          notFound,
          uploadOffsetConflict,
          uploadElsewhere,
          uploadExpired,
          tusVersionUnsupported,
          tooLarge,
          unsupportedMedia,
          checksumMismatch,
          storeFailed,
          storeFull,
        ),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      requireTus(request)
      const source = request.body
      if (!(source instanceof Readable))
        throw refuse(unsupportedMedia, 'Send application/offset+octet-stream.')
      const offset = await alone(request.params.id, (signal) =>
        takePart(request, actor, source, signal),
      ).catch((error: unknown) => {
        // What still comes is thrown away, so that the client gets to read the answer.
        source.resume()
        throw error
      })
      reply.header('upload-offset', offset)
      return sayExpiry(reply, actor).code(204).send(null)
    },
  )

  app.delete(
    '/media/uploads/:id',
    {
      config: { policy: uploader },
      schema: {
        operationId: 'endUpload',
        summary: 'End a resumable upload and forget what came of it (tus 1.0: termination)',
        tags,
        params: Closed({ id: Id }),
        headers: Type.Object(Resumable),
        response: responses({ 204: Type.Null() }, notFound, mediaInUse, tusVersionUnsupported),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      requireTus(request)
      const { id } = await requireUpload(actor, request.params.id)
      await alone(id, () => transact((tx) => deleteMedia(tx, actor, id)))
      return reply.code(204).send(null)
    },
  )

  async function takePart(
    request: FastifyRequest<{ Params: { id: string } }>,
    actor: Actor,
    source: Readable,
    signal: AbortSignal,
  ): Promise<number> {
    const { 'upload-offset': said, 'upload-checksum': checksum, 'content-length': sent = 0 } = request.headers
    const media = await requireUpload(actor, request.params.id)
    const { id, bytes: length } = media
    const at = Number(said)
    if (at !== (await offsetOf(media))) throw refuse(uploadOffsetConflict)
    if (at + Number(sent) > length) throw refuse(tooLarge, `The upload was to have ${length} bytes.`)
    if (media.status !== 'uploading') return length
    const part = {
      id,
      offset: at,
      length,
      source,
      signal,
      checksum: checksum === undefined ? null : readUploadChecksum(String(checksum)),
    }
    const { offset, broken } = await appendPart(config, part)
    await transact((tx) => updateReceived(tx, id, offset, actor.at))
    if (broken) throw badField('', 'The part was cut off.')
    if (offset === length) await finish(actor, media)
    return offset
  }

  async function requireUpload(actor: Actor, id: string): Promise<MediaRow> {
    const media = await findMedia(db, id)
    if (!media || media.upload_metadata === null || media.user_id !== actor.userId) throw refuse(notFound)
    const isOver = media.touched_at.getTime() + patienceMs < actor.at.getTime()
    if (media.status === 'uploading' && isOver) throw refuse(uploadExpired)
    return media
  }

  async function offsetOf(media: MediaRow): Promise<number> {
    if (media.status !== 'uploading') return media.bytes
    const bytes = await partBytes(config, media.id)
    if (bytes < media.received) throw refuse(uploadElsewhere)
    return bytes
  }

  async function finish(actor: Actor, media: MediaRow): Promise<MediaRow> {
    if (media.status !== 'uploading') return media
    const source = createReadStream(partPath(config, media.id))
    const { declaredType } = readUploadMetadata(media.upload_metadata ?? '')
    const whole = await intake.receiveWhole(actor, media, { declaredType, source })
    await removePart(config, media.id)
    return whole
  }
}

function requireTus(request: FastifyRequest): void {
  if (request.headers['tus-resumable'] !== tusVersion) throw refuse(tusVersionUnsupported)
}

function sayExpiry(reply: FastifyReply, { at }: { at: Date }): FastifyReply {
  return reply.header('upload-expires', new Date(at.getTime() + patienceMs).toUTCString())
}
