import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
let world: World
beforeAll(async () => { world = await createWorld() })
afterAll(() => world.close())
it('x', { timeout: 300_000 }, async () => {
  const owner = await makePerson(world.deps, { role: 'instructor' })
  const { id } = await makeCourse(world.deps, { owner })
  const { rows } = await world.database.pool.query(`insert into users (id, email, name, role, created_at, updated_at)
     select gen_random_uuid(), 'p' || n || '@example.org', 'Crowd ' || n, 'student', now(), now() from generate_series(1, 200000) n returning email`)
  const csv = 'email\n' + rows.map((r: any) => r.email).join('\n')
  const url = `${world.url}/api/courses/${id}/enrollments`
  const h = { authorization: `Bearer ${owner.accessToken}` }
  let t = Date.now()
  const im = await fetch(url + '/import', { method: 'POST', headers: { ...h, 'content-type': 'text/csv' }, body: csv })
  let n = 0
  for await (const c of im.body as any) n += c.length
  console.log('import 200k', im.status, n, Date.now() - t, 'ms')
  await world.database.pool.query('analyze')
  t = Date.now(); const before = process.memoryUsage().rss; let peak = 0
  const r = await fetch(url, { headers: { ...h, accept: 'text/csv' } })
  n = 0
  for await (const c of r.body as any) { n += c.length; peak = Math.max(peak, process.memoryUsage().rss) }
  console.log('export', r.status, n, Date.now() - t, 'ms', 'rss +', (peak - before) / 1e6)
  for (const q of ['', '?status=active', '?q=crowd', '?q=p199999', '?q=zzz']) {
    await fetch(url + q, { headers: h }).then((x) => x.text())
    t = performance.now(); for (let i = 0; i < 10; i++) await fetch(url + q, { headers: h }).then((x) => x.text())
    console.log('page', q, ((performance.now() - t) / 10).toFixed(1), 'ms')
  }
  expect(1).toBe(1)
})
