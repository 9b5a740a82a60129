import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { App } from '../http/app.ts'
import { securityHeaders } from '../http/security-headers.ts'
import { createMailbox, type Mailbox } from './mailbox.ts'
import { registerMailboxPage } from './mailbox-routes.ts'

let folder: string
let app: App
let mailbox: Mailbox

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lectern-mail-'))
  mailbox = await createMailbox({ folder, clock: { now: () => new Date('2026-01-31T09:30:00Z') } })
  app = Fastify().withTypeProvider<TypeBoxTypeProvider>()
  app.addHook(
    'onRequest',
    async (_request, reply) => void reply.headers(securityHeaders('http://school.example')),
  )
  registerMailboxPage(app, mailbox)
})
afterEach(async () => {
  await app.close()
  rmSync(folder, { recursive: true })
})

const get = (url: string) => app.inject({ method: 'GET', url })
const mail = (text: string) => ({ id: text, to: 'ada@example.org', subject: 'Your link', text })

test('GET /dev/mailbox.json: 200 with every mail, newest first', async () => {
  expect((await get('/dev/mailbox.json')).json()).toEqual({ items: [] })
  await mailbox.send(mail('one'))
  await mailbox.send({ ...mail('two'), html: '<b>two</b>' })
  const response = await get('/dev/mailbox.json')
  expect(response.statusCode).toBe(200)
  expect(response.headers).toMatchObject({ 'cache-control': 'no-store' })
  expect(response.json()).toEqual({
    items: [
      { ...mail('two'), html: '<b>two</b>', sentAt: '2026-01-31T09:30:00.000Z' },
      { ...mail('one'), sentAt: '2026-01-31T09:30:00.000Z' },
    ],
  })
})

test('GET /dev/mailbox: 200, a page that its own policy forbids to run or load anything', async () => {
  await mailbox.send(mail('Hello Ada'))
  const response = await get('/dev/mailbox')
  expect(response.statusCode).toBe(200)
  expect(response.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
  })
  expect(response.headers['content-security-policy']).toMatch(
    /^default-src 'none'; style-src 'unsafe-inline';/,
  )
  expect(response.body).toContain('Hello Ada')
  expect(response.body).toContain('to ada@example.org')
  expect(response.body).toContain('2026-01-31 09:30 UTC')
})

test('everything of a mail is text on the page, never markup', async () => {
  const attack = '<script>alert(1)</script>"\'&amp;'
  await mailbox.send({ ...mail(attack), subject: attack, to: "a'b&c@example.org", html: attack })
  const { body } = await get('/dev/mailbox')
  expect(body).not.toContain('<script')
  expect(body.split('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;amp;')).toHaveLength(3)
  expect(body).toContain('to a&#39;b&amp;c@example.org')
})

test.each([
  [
    'See https://x.example/a?b=1&c=2#d.',
    'See <a href="https://x.example/a?b=1&amp;c=2#d">https://x.example/a?b=1&amp;c=2#d</a>.',
  ],
  ['(http://localhost:4000/x)', '(<a href="http://localhost:4000/x">http://localhost:4000/x</a>)'],
  ['<https://x.example>', '&lt;<a href="https://x.example">https://x.example</a>&gt;'],
  [
    'https://x.example/"onclick="x',
    '<a href="https://x.example/">https://x.example/</a>&quot;onclick=&quot;x',
  ],
  ['javascript:alert(1)', 'javascript:alert(1)'],
  [
    'two\nhttps://a.example\nhttps://b.example',
    'two\n<a href="https://a.example">https://a.example</a>\n<a href="https://b.example">https://b.example</a>',
  ],
])('%j shows as %s', async (text, html) => {
  await mailbox.send(mail(text))
  expect((await get('/dev/mailbox')).body).toContain(`<pre>${html}</pre>`)
})
