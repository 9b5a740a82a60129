import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makeQuiz } from '../assessments/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { runReminders } from './jobs.ts'

const many = 200_000
let world: World
beforeAll(async () => {
  world = await createWorld()
  await runReminders(world.deps)
  const { id: courseId } = await makeCourse(world.deps, { sections: [[{}, { availableAfterDays: 3 }]] })
  const enrollment = await makeEnrollment(world.deps, { courseId })
  const quiz = await makeQuiz(world.deps, { quiz: { timeLimitSeconds: 36_000 } })
  const taken = await makeEnrollment(world.deps, { courseId: quiz.courseId })
  await world.client.as(taken.student.accessToken).post(`/api/quizzes/${quiz.id}/attempts`)
  // The enrollments of a year, one every three minutes, one in a hundred pending; each was last studied in some days after, and has an
  // attempt: without the checks of foreign keys and the triggers, which are slow and of no interest here.
  await world.database.pool.query(`
    set session_replication_role = replica;
    insert into enrollments (id, course_id, user_id, status, source, created_at, activated_at)
    select gen_random_uuid(), course_id, gen_random_uuid(), case when n % 100 = 0 then 'pending' else 'active' end::enrollment_status,
      case when n % 100 = 0 then null else source end, at, case when n % 100 = 0 then null else at end
    from (select *, created_at - n * interval '3 minutes' as at from enrollments, generate_series(1, ${many}) as n
      where id = '${enrollment.id}') made;
    insert into activity_days (user_id, day, course_id, quarters)
    select user_id, (created_at at time zone 'UTC')::date + (random() * 5)::int, course_id, repeat('0', 96)::bit(96) from enrollments;
    insert into attempts (id, quiz_id, enrollment_id, user_id, number, pass_percent, quiz_version, status, started_at, deadline,
      submitted_at, questions, answer_key, score_percent, passed, results, active_at)
    select gen_random_uuid(), quiz_id, gen_random_uuid(), gen_random_uuid(), 1, pass_percent, 1, 'submitted', started_at, deadline, deadline, '[]',
      '[]', 0, false, '[]', started_at
    from attempts, generate_series(1, ${many / 4}) as n where quiz_id = '${quiz.id}';
    insert into reminders (id, user_id, course_id, cause, subject_id, step, made_at, latest_at, told_at)
    select gen_random_uuid(), user_id, course_id, 'payment', gen_random_uuid(), 0, created_at, created_at, created_at from enrollments;
    set session_replication_role = default;
    analyze enrollments; analyze activity_days; analyze attempts; analyze reminders; analyze lessons; analyze users`)
  world.clock.advance({ days: 1 })
}, 240_000)
afterAll(() => world.close())

/** As a prepared statement is planned in the end: for whatever parameters. */
async function planOf(statement: string): Promise<string> {
  const client = await world.database.pool.connect()
  try {
    await client.query('set plan_cache_mode = force_generic_plan')
    await client.query(`prepare asked as ${statement}`)
    const values = [...new Set(statement.match(/\$\d+/g))].map(() => 'null')
    const { rows } = await client.query(`explain execute asked(${values.join(', ')})`)
    return rows.map((row: Record<string, string>) => row['QUERY PLAN']).join('\n')
  } finally {
    client.release(true)
  }
}

it(`finds what is due by indexes among ${many} enrollments, in short transactions`, async () => {
  world.statements.length = 0
  await runReminders(world.deps)
  const searches = [
    [/as at from enrollments\s+where status = 'pending'/, 'enrollments_pending'],
    [/join attempts|from attempts join quizzes/, 'attempts_deadline'],
    [/from enrollments\s+where status = 'active'/, 'enrollments_activated'],
    [/from activity_days\s+where day =/, 'activity_days_in_order'],
    [/from reminders\s+where due_at <=/, 'reminders_due'],
  ] as const
  for (const [text, index] of searches) {
    const statement = world.statements.find((candidate) => text.test(candidate))
    const plan = await planOf(statement ?? '')
    expect(plan).toMatch(new RegExp(`(Index|Index Only) Scan using ${index}`))
    expect(plan).not.toMatch(/Seq Scan on (enrollments|activity_days|attempts|reminders)/)
  }
  const perTransaction = world.statements
    .join(';\n')
    .split(/\bbegin\b/i)
    .map((transaction) => transaction.split(';\n').length)
  expect(perTransaction.length).toBeGreaterThan(5)
  expect(Math.max(...perTransaction)).toBeLessThan(40)
})
