import { Type } from 'typebox'
import type { App } from '../http/app.ts'
import { anyone } from '../http/policy.ts'
import { KeptMail, type Mailbox } from './mailbox.ts'
import { renderMailbox } from './mailbox-page.ts'

const contentPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/**
 * The development mailbox as a page (`/dev/mailbox`) and for scripts (`/dev/mailbox.json`), newest first.
 * Whoever can reach it can read every mail, password links included: register it only where the mailbox is used.
 */
export function registerMailboxPage(app: App, mailbox: Mailbox): void {
  app.get('/dev/mailbox', { config: { policy: anyone }, schema: { hide: true } }, async (_request, reply) => {
    reply.headers({ 'content-security-policy': contentPolicy, 'cache-control': 'no-store' })
    return reply.type('text/html; charset=utf-8').send(renderMailbox(await mailbox.list()))
  })

  const response = { 200: Type.Object({ items: Type.Array(KeptMail) }) }
  app.get(
    '/dev/mailbox.json',
    { config: { policy: anyone }, schema: { hide: true, response } },
    async (_request, reply) => {
      reply.header('cache-control', 'no-store')
      return { items: await mailbox.list() }
    },
  )
}
