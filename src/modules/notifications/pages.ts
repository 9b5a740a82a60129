import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { stranger } from '../../platform/http/guard.ts'
import { anyone } from '../../platform/http/policy.ts'
import { Closed } from '../../platform/http/schemas.ts'
import { unsubscribe } from './change-preferences.ts'
import { traitsOf } from './kinds.ts'
import { renderDone, renderInvalid, renderQuestion, unsubscribePageHeaders } from './unsubscribe-page.ts'
import { readUnsubscribeToken, type Unsubscription } from './unsubscribe-tokens.ts'

const querystring = Closed({ token: Type.String({ maxLength: 200 }) })

/** Where mails end: by the page's buttons, or by a mail program's own (RFC 8058), without a sign-in. */
export async function notificationPages(app: App, { config, clock, transact }: Deps): Promise<void> {
  await app.register(async (pages: App) => {
    // Mail programs send a form, of either kind; what it says beside our own button says nothing new.
    pages.removeAllContentTypeParsers()
    pages.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 4_096 }, (_request, text, done) =>
      done(null, text),
    )

    pages.get(
      '/unsubscribe',
      { config: { policy: anyone }, schema: { hide: true, querystring } },
      async (request, reply) => {
        const asked = read(request.query.token)
        return answer(reply, asked, asked ? renderQuestion(aboutOf(asked)) : renderInvalid())
      },
    )

    pages.post(
      '/unsubscribe',
      { config: { policy: anyone }, schema: { hide: true, querystring } },
      async (request, reply) => {
        const asked = read(request.query.token)
        if (!asked) return answer(reply, asked, renderInvalid())
        const from = saysAll(request) ? 'all' : asked.from
        await transact((tx) => unsubscribe(tx, stranger(clock), { userId: asked.userId, from }))
        return answer(reply, asked, renderDone(aboutOf({ ...asked, from })))
      },
    )
  })

  function read(token: string): Unsubscription | null {
    return readUnsubscribeToken(config.accessTokenSecrets, token)
  }
}

function answer(reply: FastifyReply, asked: Unsubscription | null, html: string): FastifyReply {
  return reply
    .code(asked ? 200 : 400)
    .headers(unsubscribePageHeaders)
    .type('text/html; charset=utf-8')
    .send(html)
}

function aboutOf({ from }: Unsubscription): string | null {
  return from === 'all' ? null : traitsOf(from).about
}

function saysAll({ body }: FastifyRequest): boolean {
  return typeof body === 'string' && new URLSearchParams(body).get('from') === 'all'
}
