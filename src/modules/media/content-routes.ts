import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { contentDisposition } from '../../platform/content-disposition.ts'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { isKnown } from '../../platform/http/etag.ts'
import type { Policy } from '../../platform/http/policy.ts'
import { readRange } from '../../platform/http/ranges.ts'
import { notFound, refuse, storeFailed, unauthenticated } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import type { Module } from '../../platform/module.ts'
import { rangeNotSatisfiable } from './errors.ts'
import { maySeeMedia } from './may-see-media.ts'
import { isMediaLink } from './media-links.ts'
import { presentMedia } from './present.ts'
import { findMedia, type MediaRow } from './queries.ts'
import { isShownInline, smallerKey } from './rules.ts'
import { Media } from './schemas.ts'

const tags = ['Files and media']
const asItBelongs: Policy = { who: 'as what it belongs to', token: 'optional', roles: null }
const linkSeconds = 3_600

const Link = Closed({
  expires: Type.Optional(Type.Integer({ minimum: 0, maximum: 99_999_999_999 })),
  signature: Type.Optional(Type.String({ maxLength: 100 })),
  width: Type.Optional(
    Type.Integer({
      minimum: 1,
      description: 'Of an image: the smallest of its `widths` that is no smaller.',
    }),
  ),
})
interface Asked {
  expires?: number
  signature?: string
  width?: number
}

/** Apart from the module's other routes, since every module says who may see what: `app.ts`, which knows them all, calls it. */
export function mediaContentRoutes(app: App, deps: Deps, modules: readonly Module[]): void {
  const { config, db, storage, clock } = deps

  async function requireSeen(request: FastifyRequest, id: string, query: Asked): Promise<MediaRow> {
    const { expires, signature } = query
    const media = await findMedia(db, id)
    const hasLink =
      expires !== undefined &&
      signature !== undefined &&
      isMediaLink(config, { id, expires, signature }, clock.now())
    const seen = media && (hasLink || (await maySeeMedia(db, modules, request.actor, media)))
    if (seen) return media
    throw request.actor
      ? refuse(notFound)
      : refuse(unauthenticated, 'Sign in, or ask for the address of the file anew.')
  }

  async function serve(request: FastifyRequest, reply: FastifyReply, id: string, query: Asked) {
    const media = await requireSeen(request, id, query)
    const { kind, content_type: contentType } = media
    if (media.status === 'uploading' || !kind || !contentType) throw refuse(notFound)
    const width = media.widths.find((candidate) => candidate >= (query.width ?? Number.POSITIVE_INFINITY))
    const key = width ? smallerKey(media.storage_key, width) : media.storage_key
    const inline = isShownInline({ kind, contentType })
    const fileName = media.file_name
    const address = await storage.link(key, { seconds: linkSeconds, fileName, inline })
    if (address !== null) return reply.header('cache-control', 'no-store').redirect(address, 302)

    const head = await storage.head(key)
    if (!head) throw refuse(notFound)
    const tag = `"${width ? `${id}-${width}` : id}"`
    reply.headers({
      etag: tag,
      'accept-ranges': 'bytes',
      'cache-control': `private, max-age=${query.expires === undefined ? 0 : linkSeconds}`,
      'content-disposition': contentDisposition({ fileName, inline }),
      // A viewer of PDF does not run in a sandbox; nothing else has to run.
      'content-security-policy': `default-src 'none'; base-uri 'none'; frame-ancestors ${config.corsOrigins.join(' ') || "'none'"}${contentType === 'application/pdf' ? '' : '; sandbox'}`,
    })
    reply.removeHeader('x-frame-options')
    if (isKnown(request.headers['if-none-match'], tag)) return reply.code(304).send()
    const { 'if-range': ifRange, range: asked } = request.headers
    const range = ifRange === undefined || ifRange === tag ? readRange(asked, head.totalBytes) : null
    if (range === 'unsatisfiable') {
      reply.header('content-range', `bytes */${head.totalBytes}`)
      throw refuse(rangeNotSatisfiable)
    }
    reply.type(head.contentType)
    if (range) reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${head.totalBytes}`)
    reply.header('content-length', range ? range.end - range.start + 1 : head.totalBytes)
    if (request.method === 'HEAD') return reply.send()
    const object = await storage.open(key, range ?? undefined)
    if (!object) throw refuse(notFound)
    return reply.send(object.stream)
  }

  const schema = {
    tags,
    params: Closed({ id: Id }),
    querystring: Link,
    response: responses(
      {
        200: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }),
        206: Type.Unsafe<unknown>({ type: 'string', format: 'binary', description: 'The range.' }),
        302: Type.Null({ description: 'To a short-lived address at the store.' }),
      },
      notFound,
      rangeNotSatisfiable,
      storeFailed,
    ),
  }

  app.head(
    '/media/:id',
    { config: { policy: asItBelongs }, schema: { ...schema, hide: true } },
    (request, reply) => serve(request, reply, request.params.id, request.query),
  )
  app.get(
    '/media/:id',
    {
      config: { policy: asItBelongs },
      schema: {
        ...schema,
        operationId: 'getMedia',
        summary: 'The bytes of a file, or where they are',
        description:
          'With a bearer, or by the signed address that a Media has as `url`. Ranges, `If-Range` and `If-None-Match` are honored.',
        produces: ['application/octet-stream'],
      },
    },
    (request, reply) => serve(request, reply, request.params.id, request.query),
  )

  app.get(
    '/media/:id/details',
    {
      config: { policy: asItBelongs },
      schema: {
        operationId: 'getMediaDetails',
        summary: 'What a file is, without its bytes',
        tags,
        params: Closed({ id: Id }),
        response: responses({ 200: Media }, notFound),
      },
    },
    async (request) => presentMedia(await requireSeen(request, request.params.id, {}), config, clock.now()),
  )
}
