import type { Sample, Scene } from './cast.ts'

async function webhook({ world, cast }: Scene) {
  const admin = world.client.as(cast.admin.accessToken)
  const { body } = await admin.post('/api/admin/webhooks', webhookSaid)
  // There may be twenty, and each cell makes one.
  await world.database.pool.query('delete from webhook_endpoints where id <> $1', [body.id])
  return { id: body.id as string }
}

async function webhookDelivery(scene: Scene) {
  const { id } = await webhook(scene)
  const admin = scene.world.client.as(scene.cast.admin.accessToken)
  const { body } = await admin.post(`/api/admin/webhooks/${id}/test`)
  return { id, deliveryId: body.id as string }
}

const webhookSaid = { url: 'https://example.org/hook', events: ['*'] }

/** Of the webhooks that admins keep. */
export const webhookSamples: Readonly<Record<string, (scene: Scene) => Sample | Promise<Sample>>> = {
  'POST /api/admin/webhooks': async (scene) => {
    await webhook(scene)
    return { body: webhookSaid }
  },
  'GET /api/admin/webhooks/:id': async (scene) => ({ params: await webhook(scene) }),
  'PATCH /api/admin/webhooks/:id': async (scene) => ({
    params: await webhook(scene),
    body: { description: 'New' },
  }),
  'DELETE /api/admin/webhooks/:id': async (scene) => ({ params: await webhook(scene) }),
  'POST /api/admin/webhooks/:id/rotate-secret': async (scene) => ({ params: await webhook(scene) }),
  'POST /api/admin/webhooks/:id/test': async (scene) => ({ params: await webhook(scene) }),
  'POST /api/admin/webhooks/:id/replay': async (scene) => ({
    params: await webhook(scene),
    body: { since: '2026-01-31T09:30:00.000Z' },
  }),
  'GET /api/admin/webhooks/:id/deliveries': async (scene) => ({ params: await webhook(scene) }),
  'GET /api/admin/webhooks/:id/deliveries/:deliveryId': async (scene) => ({
    params: await webhookDelivery(scene),
  }),
  'POST /api/admin/webhooks/:id/deliveries/:deliveryId/replay': async (scene) => ({
    params: await webhookDelivery(scene),
  }),
}
