import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { systemClock } from '../../src/platform/clock.ts'
import { freePort, type ServerProcess, startServer } from '../support/server.ts'
import { openWebhookReceiver, verifyOfficially } from '../support/webhook-receiver.ts'

const email = 'admin@example.org'
const password = 'a long password'

it('kill -9 after a message arrived and before that was noted: it arrives again, the same under the same id', {
  timeout: 120_000,
}, async () => {
  const data = await mkdtemp(join(tmpdir(), 'lectern webhook-crash-'))
  const env = { ADMIN_EMAIL: email, ADMIN_PASSWORD: password, WEBHOOKS_ALLOW_PRIVATE: 'on' }
  const port = await freePort()
  const receiver = await openWebhookReceiver()
  let server = await startServer({ data, port, env })
  const admin = async ({ client }: ServerProcess) =>
    client.as((await client.post('/api/auth/login', { email, password })).body.accessToken)

  const { promise: killed, resolve } = Promise.withResolvers<void>()
  receiver.answer(() => void server.kill().then(resolve))
  const before = await admin(server)
  const { id, secret } = (await before.post('/api/admin/webhooks', { url: receiver.url, events: ['*'] })).body
  const test = (await before.post(`/api/admin/webhooks/${id}/test`)).body
  await killed

  server = await startServer({ data, port, env })
  const after = await admin(server)
  const log = async () => (await after.get(`/api/admin/webhooks/${id}/deliveries/${test.id}`)).body
  await vi.waitFor(async () => expect(await log()).toMatchObject({ status: 'delivered' }), {
    timeout: 60_000,
    interval: 200,
  })
  const tests = receiver.received.filter(({ message }) => message.type === 'webhook.test')
  expect(tests).toHaveLength(2)
  for (const one of tests) {
    expect(one.headers['webhook-id']).toBe(test.eventId)
    expect(one.body).toEqual(tests[0]?.body)
    expect(verifyOfficially(secret, one, systemClock)).toMatchObject({ type: 'webhook.test' })
  }
  // The one that was killed could note nothing.
  expect(await log()).toMatchObject({ attemptCount: 1, attempts: [{ number: 1, statusCode: 204 }] })
  expect(await server.stop()).toBe(0)
  await receiver.close()
  await rm(data, { recursive: true, force: true })
})
