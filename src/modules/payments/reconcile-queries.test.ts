import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePayment } from './factory.ts'
import { findDue, findOverdue, updateDue } from './reconcile-queries.ts'

const many = 200_000
let world: World
beforeAll(async () => {
  world = await createWorld()
  const { payment } = await makePayment(world.deps, { captured: true })
  // The purchases of years, all in order: without the checks of foreign keys, which are slow and of no interest here.
  await world.database.pool.query(`
    set session_replication_role = replica;
    insert into payments (id, user_id, course_id, enrollment_id, gateway, status, amount, currency, list_amount, created_at, captured_at,
      due_at)
    select gen_random_uuid(), user_id, course_id, gen_random_uuid(), gateway, status, amount, currency, list_amount,
      created_at - n * interval '1 minute', captured_at, case when n % 100 = 0 then created_at + n * interval '1 minute' end
    from payments, generate_series(1, ${many}) as n where id = '${payment.id}';
    set session_replication_role = default;
    analyze payments`)
}, 120_000)
afterAll(() => world.close())

it(`what is due or overdue is found by an index among ${many} payments`, async () => {
  const at = world.clock.now()
  const { rows } = await world.database.pool.query<{ count: number }>('select count(*)::int from payments')
  expect(rows[0]?.count).toBeGreaterThan(many)
  world.statements.length = 0
  await findDue(world.deps.db, { at, limit: 500 })
  await findOverdue(world.deps.db, { before: at, limit: 500 })
  expect(world.statements).toHaveLength(2)
  for (const statement of world.statements) {
    const plan = await planOf(statement)
    expect(plan).not.toContain('Seq Scan')
    expect(plan).toMatch(/Index (Only )?Scan using (payments_due|payments_waiting)/)
  }
})

it('what was asked about is due again after twice as long, and at last never', async () => {
  const { payment } = await makePayment(world.deps, { captured: true })
  const gaps: number[] = []
  for (;;) {
    const { rows } = await world.database.pool.query('select due_at from payments where id = $1', [
      payment.id,
    ])
    const dueAt: Date | null = rows[0].due_at
    if (dueAt === null) break
    gaps.push((dueAt.getTime() - payment.created_at.getTime()) / 60_000)
    await world.deps.transact((tx) => updateDue(tx, [payment.id], dueAt))
  }
  expect(gaps).toEqual(Array.from({ length: 17 }, (_, asked) => 2 ** (asked + 1)))
})

/** As a prepared statement is planned in the end: for whatever parameters. */
async function planOf(statement: string): Promise<string> {
  const client = await world.database.pool.connect()
  try {
    await client.query('set plan_cache_mode = force_generic_plan')
    await client.query(`prepare asked as ${statement}`)
    const values = [...statement.matchAll(/\$\d+/g)].map(() => 'null')
    const { rows } = await client.query(`explain execute asked(${values.join(', ')})`)
    return rows.map((row: Record<string, string>) => row['QUERY PLAN']).join('\n')
  } finally {
    client.release(true)
  }
}
