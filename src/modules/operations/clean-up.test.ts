import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson } from '../accounts/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const query = async (text: string, values: unknown[] = []) =>
  (await world.database.pool.query(text, values)).rows
const signInAdmin = async (): Promise<Client> =>
  world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)

async function cleanUp(): Promise<void> {
  const admin = await signInAdmin()
  expect((await admin.post('/api/admin/jobs/operations.clean-up-events/run')).status).toBe(202)
  await world.drain()
}

it('deletes events and their deliveries after 180 days; what is audited, or a dead letter has to deliver, stays', async () => {
  const admin = await signInAdmin()
  const { id: enrollmentId } = await makeEnrollment(world.deps)
  await world.drain()
  // An administrative act, and a fact that one subscriber did not get.
  await admin.post('/api/categories', { name: 'Music' })
  const { id: undelivered } = await makeEnrollment(world.deps)
  const [{ id: eventId }] = await query(
    "select id from events where type = 'enrollment.activated' and payload ->> 'enrollmentId' = $1",
    [undelivered],
  )
  await world.drain()
  await query(
    `select graphile_worker.add_job('deliver-event', json_build_object('eventId', $1::text, 'subscriber', 'gone.for-good'), max_attempts => 1)`,
    [eventId],
  )
  await world.drain()
  const eventsOf = (id: string) =>
    query("select id from events where type = 'enrollment.activated' and payload ->> 'enrollmentId' = $1", [
      id,
    ])
  const deliveries = () =>
    query('select from event_deliveries d left join events e on e.id = d.event_id where e.id is null')
  world.clock.advance({ days: 179 })
  await cleanUp()
  expect(await eventsOf(enrollmentId)).toHaveLength(1)
  world.clock.advance({ days: 2 })
  await cleanUp()
  expect(await eventsOf(enrollmentId)).toEqual([])
  expect(await eventsOf(undelivered)).toEqual([{ id: eventId }])
  expect(await deliveries()).toEqual([])
  const before = new Date(world.clock.now().getTime() - 180 * 86_400_000)
  const kept = await query('select type, audited from events where occurred_at < $1 order by type', [before])
  expect(kept.filter(({ audited }) => !audited)).toEqual([{ type: 'enrollment.activated', audited: false }])
  expect(kept).toContainEqual({ type: 'category.created', audited: true })
  // Nothing of what the counts are repaired by went missing.
  await admin.get('/api/categories')
  const counts = () => query('select course_id, activations from course_stats order by 1')
  const counted = await counts()
  const asking = await signInAdmin()
  expect((await asking.post('/api/admin/jobs/enrollments.check-activation-counts/run')).status).toBe(202)
  await world.drain()
  expect(await counts()).toEqual(counted)
})

it('deletes dead letters 90 days after they failed for the last time, and no job that is still to be done', async () => {
  const ago = (days: number) => new Date(world.clock.now().getTime() - days * 86_400_000)
  const job = async (days: number, attempts: number) => {
    const [{ id }] = await query(
      `select id from graphile_worker.add_job('no.such-job',
         json_build_object('to', 'asha@example.org', 'days', $1::int), max_attempts => 3, run_at => now() + interval '1 day')`,
      [days],
    )
    await query('update graphile_worker._private_jobs set attempts = $2, updated_at = $3 where id = $1', [
      id,
      attempts,
      ago(days),
    ])
  }
  for (const days of [89, 91]) await job(days, 3)
  await job(92, 2)
  const admin = await signInAdmin()
  expect((await admin.post('/api/admin/jobs/operations.clean-up/run')).status).toBe(202)
  await world.drain()
  const { body } = await admin.get('/api/admin/jobs/dead')
  const named = body.items.filter(({ name }: { name: string }) => name === 'no.such-job')
  expect(named).toMatchObject([{ payload: { to: 'asha@example.org', days: 89 } }])
  const left = await query(
    `select payload ->> 'days' as days from graphile_worker._private_jobs where payload ->> 'to' is not null order by 1`,
  )
  expect(left).toEqual([{ days: '89' }, { days: '92' }])
  await query(`delete from graphile_worker._private_jobs where payload ->> 'to' is not null`)
})

it('finds old events by an index of those that go', async () => {
  world.statements.length = 0
  await cleanUp()
  const deletion = world.statements.find((text) => /^\s*delete from events\b/.test(text)) ?? ''
  const client = await world.database.pool.connect()
  try {
    // The tables of a test are so small that reading them whole is cheapest.
    await client.query('begin; set local enable_seqscan = off')
    const { rows } = await client.query(`explain (generic_plan) ${deletion}`)
    const plan = rows.map((row: Record<string, string>) => row['QUERY PLAN']).join('\n')
    expect(plan).toMatch(/Index (Only )?Scan (using|on) events_passing/)
    expect(plan).not.toMatch(/Seq Scan on events/)
  } finally {
    client.release(true)
  }
})

it('deletes calls 180 days after they ended, and those that go on stay', async () => {
  const [one, other] = [await makePerson(world.deps), await makePerson(world.deps)]
  const ago = (days: number) => new Date(world.clock.now().getTime() - days * 86_400_000)
  for (const endedAt of [ago(181), ago(179), null])
    await query(
      `insert into calls (id, caller_id, callee_id, media, state, created_at, answered_at, ended_at, end_reason)
       values (gen_random_uuid(), $1, $2, 'audio', $3, $4, $4, $5, $6)`,
      [one.id, other.id, endedAt ? 'ended' : 'active', ago(200), endedAt, endedAt && 'hangup'],
    )
  const admin = await signInAdmin()
  expect((await admin.post('/api/admin/jobs/calls.clean-up/run')).status).toBe(202)
  await world.drain()
  expect(await query('select ended_at from calls order by ended_at')).toEqual([
    { ended_at: ago(179) },
    { ended_at: null },
  ])
})
