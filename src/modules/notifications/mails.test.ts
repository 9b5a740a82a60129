import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import type { Mail } from '../../platform/mail/mailer.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeNotice } from './factory.ts'
import { kindNames, traitsOf } from './kinds.ts'
import { sendNotification } from './mail-jobs.ts'
import { makeUnsubscribeToken, readUnsubscribeToken } from './unsubscribe-tokens.ts'

let world: World
let reader: Person
let me: Client
beforeAll(async () => {
  world = await createWorld({ config: { schoolName: 'Bread & Butter' } })
})
afterAll(() => world.close())
beforeEach(async () => {
  reader = await makePerson(world.deps)
  me = world.client.as(reader.accessToken)
})

const mailsTo = (person: Person) => world.mails.filter(({ to }) => to === person.email)
async function mailed(wish: Parameters<typeof makeNotice>[2] = {}): Promise<Mail> {
  await makeNotice(world.deps, [reader], wish)
  await world.drain()
  const mail = mailsTo(reader).at(-1)
  if (!mail) throw new Error('there is no mail')
  return mail
}
const idOf = async () => (await me.get('/api/notifications')).body.items[0].id as string
/** As a mail program asks: the address is of the public host, the request goes to ours. */
const pathOf = (url = '') => url.slice(world.deps.config.publicUrl.length)
const preferences = async () => (await me.get('/api/notifications/preferences')).body

describe('a mail of a notification', () => {
  it('has the words as text and as HTML, in which nothing that people wrote is markup', async () => {
    const mail = await mailed({
      title: 'New in “<b>Bold</b>”',
      body: 'See <script>alert(1)</script> & more.',
    })
    expect(mail).toMatchObject({ subject: 'New in “<b>Bold</b>”', id: await idOf() })
    expect(mail.text).toContain('See <script>alert(1)</script> & more.')
    expect(mail.html).toContain('<html lang="en" dir="ltr">')
    expect(mail.html).toContain('See &lt;script&gt;alert(1)&lt;/script&gt; &amp; more.')
    expect(mail.html).toContain('Open Bread &amp; Butter')
    expect(mail.html).not.toMatch(/<script|<b>|<img|src=|url\(/)
    expect(mail.text).toContain(mail.unsubscribeUrl)
    expect(mail.html).toContain(mail.unsubscribeUrl)
  })
  it('that must arrive offers no end of itself', async () => {
    const mail = await mailed({ kind: 'security', title: 'Your password was changed' })
    expect(mail).not.toHaveProperty('unsubscribeUrl')
    expect(mail.text).not.toContain('unsubscribe')
  })
  it('is sent once, however often its job runs', async () => {
    await mailed()
    const id = await idOf()
    await sendNotification(world.deps, id)
    await sendNotification(world.deps, id)
    expect(mailsTo(reader)).toHaveLength(1)
  })
  it('keeps its id when a worker dies between the mail server and the note of it, and is there after a failure', async () => {
    await makeNotice(world.deps, [reader])
    const id = await idOf()
    const failing = { ...world.deps.mailer, send: () => Promise.reject(new Error('away')) }
    await expect(sendNotification({ ...world.deps, mailer: failing }, id)).rejects.toThrow('away')
    const transact = () => Promise.reject(new Error('killed'))
    await expect(sendNotification({ ...world.deps, transact }, id)).rejects.toThrow('killed')
    await world.drain()
    expect(mailsTo(reader).map((mail) => mail.id)).toEqual([id, id])
  })
  it('is not sent to whom it no longer concerns', async () => {
    await makeNotice(world.deps, [reader])
    await me.delete('/api/users/me', { password: reader.password })
    await world.drain()
    expect(mailsTo(reader)).toEqual([])
  })
})

describe('the end of mails by one click (RFC 8058)', () => {
  const oneClick = (mail: Mail, body: string | FormData, type?: string) =>
    fetch(new URL(pathOf(mail.unsubscribeUrl), world.url), {
      method: 'POST',
      body,
      redirect: 'manual',
      ...(type ? { headers: { 'content-type': type } } : {}),
    })

  it('200 for the form that mail programs send, of either type: mails of that kind end, and no others', async () => {
    const form = new FormData()
    form.set('List-Unsubscribe', 'One-Click')
    const bodies = [['List-Unsubscribe=One-Click', 'application/x-www-form-urlencoded'], [form]] as const
    for (const [body, type] of bodies) {
      const mail = await mailed()
      expect((await oneClick(mail, body, type)).status).toBe(200)
      const { kinds } = await preferences()
      expect(kinds.lesson_added).toMatchObject({ inApp: true, email: false })
      expect(kinds.certificate.email).toBe(true)
      await makeNotice(world.deps, [reader])
      await world.drain()
      expect(mailsTo(reader).at(-1)).toBe(mail)
      await me.put('/api/notifications/preferences', { kinds: { lesson_added: { email: true } } })
    }
  })
  it('200, or 400 for what no text may have, whatever else a client sends; 413 for what is no form at all', async () => {
    const mail = await mailed()
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const body = Buffer.from(bytes)
        const { status } = await fetch(new URL(pathOf(mail.unsubscribeUrl), world.url), {
          method: 'POST',
          body,
        })
        expect([200, 400]).toContain(status)
      }),
      { numRuns: 50 },
    )
    expect((await oneClick(mail, 'x'.repeat(10_000), 'text/plain')).status).toBe(413)
  })
  it('a GET shows a button and changes nothing, since mail scanners open every link', async () => {
    const mail = await mailed()
    const page = await world.client.get(pathOf(mail.unsubscribeUrl))
    expect(page.status).toBe(200)
    expect(page.body).toContain('<form method="post">')
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self'")
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect((await preferences()).kinds.lesson_added.email).toBe(true)
  })
  it('the page’s other button ends all mails that can be done without', async () => {
    const mail = await mailed()
    await oneClick(mail, 'from=all', 'application/x-www-form-urlencoded')
    const { kinds } = await preferences()
    for (const kind of kindNames) expect(kinds[kind].email, kind).toBe(Boolean(traitsOf(kind).essential))
  })
  it('400 for every token that was not made here, and nothing changes', async () => {
    const { accessTokenSecrets: secrets } = world.deps.config
    const good = makeUnsubscribeToken(secrets, { userId: reader.id, from: 'message' })
    const other = makeUnsubscribeToken(['x'.repeat(40)], { userId: reader.id, from: 'message' })
    const bad = [
      other,
      good.replace('message', 'all'),
      good.replace(reader.id, newId()),
      `${good}.x`,
      good.slice(1),
    ]
    for (const token of bad) {
      const answer = await world.client.post(`/unsubscribe?token=${token}`, 'List-Unsubscribe=One-Click')
      expect(answer.status, token).toBe(400)
    }
    expect((await world.client.post('/unsubscribe')).status).toBe(400)
    expect((await preferences()).kinds.message.email).toBe(true)
  })
  it('200 for somebody who is gone, of whom nothing is kept', async () => {
    const mail = await mailed()
    await me.delete('/api/users/me', { password: reader.password })
    await world.drain()
    expect((await oneClick(mail, 'List-Unsubscribe=One-Click')).status).toBe(200)
    const { rows } = await world.database.pool.query(
      'select 1 from notification_choices where user_id = $1',
      [reader.id],
    )
    expect(rows).toEqual([])
  })
})

describe('the token', () => {
  const secrets = ['first secret of the school here', 'second secret of the school']
  const wish = fc.record({
    userId: fc.uuid({ version: 7 }),
    from: fc.constantFrom('all' as const, ...kindNames),
  })
  it('says what it was made for under every secret in use, unless that cannot be switched off', () => {
    fc.assert(
      fc.property(wish, fc.nat(1), (told, index) => {
        const made = makeUnsubscribeToken([secrets[index] ?? ''], told)
        const essential = told.from !== 'all' && traitsOf(told.from).essential
        expect(readUnsubscribeToken(secrets, made)).toEqual(essential ? null : told)
        expect(readUnsubscribeToken(['another'], made)).toBeNull()
      }),
    )
  })
  it('is nothing once a single character of it is another', () => {
    fc.assert(
      fc.property(wish, fc.nat(120), fc.string({ minLength: 1, maxLength: 1 }), (told, at, sign) => {
        const made = makeUnsubscribeToken(secrets, told)
        const place = at % made.length
        const forged = made.slice(0, place) + sign + made.slice(place + 1)
        fc.pre(forged !== made)
        expect(readUnsubscribeToken(secrets, forged)).toBeNull()
      }),
    )
  })
  it('is not any other text', () => {
    fc.assert(fc.property(fc.string(), (text) => readUnsubscribeToken(secrets, text) === null))
  })
})
