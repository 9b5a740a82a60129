import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { anyone, signedIn } from '../../platform/http/policy.ts'
import { perAddress } from '../../platform/http/rate-limits.ts'
import { formWithFile, readFormFile } from '../../platform/http/read-form-file.ts'
import {
  notFound,
  refuse,
  storeFailed,
  storeFull,
  tooLarge,
  unsupportedMedia,
} from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id, newId } from '../../platform/ids.ts'
import { renderPictures } from '../../platform/images/render-pictures.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import { presentUser } from './present.ts'
import { removeAvatar } from './remove-avatar.ts'
import { User } from './schemas.ts'
import { setAvatar } from './set-avatar.ts'

const tags = ['Accounts and sessions']
const side = 512
const mostBytes = 5 * 1024 * 1024
const contentType = 'image/webp'
const pictureName = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.webp$'
/** Longer than any upload lives between its storing and its commit. */
const sweepAfterMs = 10 * 60_000

export function avatarRoutes(app: App, { config, storage, transact }: Deps): void {
  app.put(
    '/users/me/avatar',
    {
      config: {
        policy: signedIn,
        ...perAddress(60),
        documentedBody: formWithFile('PNG, JPEG or WebP to 5 MB.'),
      },
      schema: {
        operationId: 'setAvatar',
        summary: 'Set the own picture',
        description: 'Judged by its content; kept as a square of 512 pixels, without metadata.',
        tags,
        consumes: ['multipart/form-data'],
        response: responses({ 200: User }, tooLarge, unsupportedMedia, storeFailed, storeFull),
      },
    },
    async (request) => {
      const actor = actorOf(request)
      const [picture] = await renderPictures(await readFormFile(request, { mostBytes }), [{ square: side }])
      if (!picture) throw new Error('no picture was drawn')
      const key = `avatars/${actor.userId}/${newId()}.webp`
      // Looked at again later, so that a picture whose person never got it (a killed process) does not stay.
      const runAt = new Date(actor.at.getTime() + sweepAfterMs)
      await transact((tx) => addJob(tx, removeAvatar, { userId: actor.userId, key }, { runAt }))
      await storage.put(key, picture.bytes, { contentType })
      return presentUser(await transact((tx) => setAvatar(tx, actor, { key })), config)
    },
  )

  app.delete(
    '/users/me/avatar',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'removeAvatar',
        summary: 'Remove the own picture',
        tags,
        response: responses({ 204: Type.Null() }),
      },
    },
    async (request, reply) => {
      await transact((tx) => setAvatar(tx, actorOf(request), { key: null }))
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/users/:id/avatar/:name',
    {
      config: { policy: anyone },
      schema: {
        operationId: 'getAvatar',
        summary: "A person's picture, as `avatarUrl` names it",
        tags,
        params: Closed({ id: Id, name: Type.String({ pattern: pictureName }) }),
        produces: [contentType],
        response: responses(
          { 200: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }) },
          notFound,
          storeFailed,
        ),
      },
    },
    async (request, reply) => {
      const { id, name } = request.params
      const picture = await storage.open(`avatars/${id}/${name}`)
      if (!picture) throw refuse(notFound)
      // A new picture has a new name.
      reply.header('cache-control', 'public, max-age=31536000, immutable')
      reply.header('content-length', picture.bytes)
      return reply.type(contentType).send(picture.stream)
    },
  )
}
