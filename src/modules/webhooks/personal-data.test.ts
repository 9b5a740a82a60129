import { afterAll, beforeAll, expect, it } from 'vitest'
import { openWebhookReceiver, type WebhookReceiver } from '../../../test/support/webhook-receiver.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson } from '../accounts/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'

let world: World
let receiver: WebhookReceiver
beforeAll(async () => {
  world = await createWorld({ env: { WEBHOOKS_ALLOW_PRIVATE: 'on' } })
  receiver = await openWebhookReceiver()
})
afterAll(async () => {
  await receiver.close()
  await world.close()
})

it('the archive says what was told to whom; with the account go the answers, and receivers are told to erase', async () => {
  const admin = world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)
  const said = { url: receiver.url, events: ['enrollment.activated', 'user.deleted'] }
  const { id } = (await admin.post('/api/admin/webhooks', said)).body
  receiver.answer((response) => response.end('Welcome, Asha Rao'))
  const student = await makePerson(world.deps)
  const { courseId } = await makeEnrollment(world.deps, { student })
  await world.drain()
  const asha = world.client.as(student.accessToken)
  const at = world.clock.now().toISOString()
  expect((await asha.get('/api/users/me/export')).body.webhooks.toldElsewhere).toEqual([
    {
      type: 'enrollment.activated',
      occurredAt: at,
      data: expect.objectContaining({ courseId, userId: student.id }),
      toldAt: at,
      host: new URL(receiver.url).host,
    },
  ])
  const log = async () =>
    (await admin.get(`/api/admin/webhooks/${id}/deliveries?type=enrollment.activated`)).body
  expect((await log()).items[0].attempts[0].answer).toBe('Welcome, Asha Rao')

  await asha.delete('/api/users/me', { password: student.password })
  await world.drain()
  expect((await log()).items[0].attempts[0]).not.toHaveProperty('answer')
  expect(receiver.received.at(-1)?.message).toMatchObject({
    type: 'user.deleted',
    data: { userId: student.id },
  })
})
