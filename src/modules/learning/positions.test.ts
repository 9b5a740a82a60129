import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import type { Tx } from '../../platform/database/database.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { actorFor, type MadeCourse, makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { keepPosition } from './keep-position.ts'
import { setExam } from './set-exam.ts'

let world: World
let owner: Person
let student: Person
beforeAll(async () => {
  world = await createWorld()
  owner = await makePerson(world.deps, { role: 'instructor' })
  student = await makePerson(world.deps)
})
afterAll(() => world.close())

const asStudent = () => world.client.as(student.accessToken)

/** Whole numbers below a bound, the same in every run. */
function drawing(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

async function makeSomeCourse(draw: (below: number) => number): Promise<MadeCourse> {
  const sections = Array.from({ length: 1 + draw(3) }, () =>
    Array.from({ length: draw(4) }, () => ({
      type: draw(4) === 0 ? ('quiz' as const) : ('text' as const),
      ...(draw(3) === 0 ? { availableAfterDays: draw(4) } : {}),
    })),
  )
  const course = await makeCourse(world.deps, {
    owner,
    sequential: draw(3) > 0,
    sections: [...sections, [{}]],
  })
  if (draw(2) === 0) await world.deps.transact((tx) => setExam(tx, { courseId: course.id, quizId: newId() }))
  return course
}

const completeSql =
  'insert into lesson_progress (enrollment_id, lesson_id, completed_at, quiz_passed_at, updated_at) values ($1, $2, $3, $3, $3) ' +
  'on conflict (enrollment_id, lesson_id) do update set completed_at = excluded.completed_at'

/** What happens between two positions. */
async function happen(
  what: 'nothing' | 'completed' | 'reset' | 'added' | 'removed' | 'a day',
  { course, enrollmentId, lessonId }: { course: MadeCourse; enrollmentId: string; lessonId: string },
): Promise<void> {
  const { pool } = world.database
  const teacher = world.client.as(owner.accessToken)
  if (what === 'completed') await pool.query(completeSql, [enrollmentId, lessonId, world.clock.now()])
  if (what === 'reset') await asStudent().post(`/api/progress/course/${course.id}/reset`)
  if (what === 'added')
    await teacher.post('/api/lessons', {
      sectionId: course.sectionIds[0],
      title: 'New',
      type: 'text',
      body: 'New.',
    })
  if (what === 'removed') await teacher.delete(`/api/lessons/${lessonId}`)
  if (what === 'a day')
    await pool.query(`update enrollments set activated_at = activated_at - interval '1 day' where id = $1`, [
      enrollmentId,
    ])
}

describe('a position in a lesson', () => {
  it('says of lesson, course, next lesson and exam what the whole progress says, and is refused by the same locks', async () => {
    const seen = new Set<string>()
    for (let seed = 1; seed <= 16; seed++) {
      const draw = drawing(seed)
      const course = await makeSomeCourse(draw)
      const { id: enrollmentId } = await makeEnrollment(world.deps, { courseId: course.id, student })
      for (const lessonId of course.lessonIds)
        if (draw(2) === 0)
          await world.database.pool.query(completeSql, [enrollmentId, lessonId, world.clock.now()])
      if (draw(4) === 0)
        await world.database.pool.query('insert into exam_passes values ($1, $2)', [
          enrollmentId,
          world.clock.now(),
        ])
      for (let positionSeconds = 1; positionSeconds <= 5; positionSeconds++) {
        const { body: progress } = await asStudent().get(`/api/progress/course/${course.id}`)
        for (const was of progress.lessons) {
          const { lessonId, state } = was
          const answer = await asStudent().post('/api/progress/lesson', { lessonId, positionSeconds })
          if (state === 'locked') {
            expect(answer).toMatchObject({ status: 409, body: { code: 'lesson_locked', lock: was.lock } })
          } else {
            const { course, nextLessonId, exam } = progress
            expect(answer.body, `seed ${seed}`).toEqual({
              lesson: { ...was, positionSeconds },
              course,
              ...(nextLessonId ? { nextLessonId } : {}),
              ...(exam ? { exam } : {}),
            })
          }
          seen.add(
            `${state} ${was.lock?.rule} exam ${progress.exam?.state} ${progress.exam?.lock?.opensAt ? 'dated' : ''}`,
          )
        }
        const events = ['nothing', 'completed', 'completed', 'reset', 'added', 'removed', 'a day'] as const
        const lessonId = progress.lessons[draw(progress.lessons.length)]?.lessonId
        if (!lessonId) break
        await happen(events[draw(events.length)] ?? 'nothing', { course, enrollmentId, lessonId })
      }
    }
    // That the courses above had something to say.
    for (const rule of ['earlier_lesson', 'exam', 'date'])
      expect([...seen].join()).toContain(`locked ${rule}`)
    for (const exam of ['locked dated', 'open', 'passed', 'undefined'])
      expect([...seen].join()).toContain(`exam ${exam}`)
  })
  it('after a reset looks anew for what comes next, though as much is completed as before', async () => {
    const course = await makeCourse(world.deps, { owner, sections: [[{ type: 'quiz' }, {}, {}]] })
    const { id: enrollmentId } = await makeEnrollment(world.deps, { courseId: course.id, student })
    const [quiz = '', text = ''] = course.lessonIds
    const nextAfter = async (positionSeconds: number) =>
      (await asStudent().post('/api/progress/lesson', { lessonId: quiz, positionSeconds })).body.nextLessonId
    await happen('completed', { course, enrollmentId, lessonId: quiz })
    expect(await nextAfter(1)).toBe(text)
    await happen('reset', { course, enrollmentId, lessonId: quiz })
    await happen('completed', { course, enrollmentId, lessonId: text })
    expect(await nextAfter(2)).toBe(quiz)
  })
  it('404 for a lesson that is removed meanwhile, and none that is left of it', async () => {
    for (let round = 0; round < 5; round++) {
      const course = await makeCourse(world.deps, { owner })
      await makeEnrollment(world.deps, { courseId: course.id, student })
      const [lessonId] = course.lessonIds
      const [kept] = await Promise.all([
        asStudent().post('/api/progress/lesson', { lessonId, positionSeconds: 5 }),
        world.client.as(owner.accessToken).delete(`/api/lessons/${lessonId}`),
      ])
      expect([200, 404]).toContain(kept?.status)
      const { body } = await asStudent().get(`/api/progress/course/${course.id}`)
      expect(body.course.totalLessons).toBe(2)
    }
  })
})

describe('what a position costs', () => {
  /** Rows that were read in this transaction, by PostgreSQL's own count. */
  async function countReads(tx: Tx): Promise<Map<string, number>> {
    const { rows } = await sql<{ name: string; reads: number }>`
      select relname as name, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) as reads
      from pg_stat_xact_user_tables`.execute(tx)
    return new Map(rows.map(({ name, reads }) => [name, reads]))
  }

  async function readFor(lessons: number, done: number): Promise<Record<string, number>> {
    const sections = Array.from({ length: lessons / 5 }, () => Array.from({ length: 5 }, () => ({})))
    const course = await makeCourse(world.deps, { owner, sequential: true, sections })
    const { id } = await makeEnrollment(world.deps, { courseId: course.id, student })
    await world.database.pool.query(
      `insert into lesson_progress (enrollment_id, lesson_id, completed_at, updated_at)
       select $1, unnest($2::uuid[]), $3, $3`,
      [id, course.lessonIds.slice(0, done), world.clock.now()],
    )
    await world.database.pool.query('analyze')
    const lessonId = course.lessonIds[done] ?? ''
    const keep = (tx: Tx, positionSeconds: number) =>
      keepPosition(tx, actorFor(student, world.deps), { lessonId, positionSeconds })
    await world.deps.transact((tx) => keep(tx, 1))
    await world.deps.transact((tx) => keep(tx, 3))
    return world.deps.transact(async (tx) => {
      // As in a school with many courses: these tables are small enough to be read whole.
      await sql`set local enable_seqscan = off`.execute(tx)
      await sql`set local plan_cache_mode = force_custom_plan`.execute(tx)
      const before = await countReads(tx)
      world.statements.length = 0
      await keep(tx, 2)
      expect(world.statements).toHaveLength(3)
      const after = [...(await countReads(tx))].map(
        ([name, reads]) => [name, reads - (before.get(name) ?? 0)] as const,
      )
      return Object.fromEntries(after.filter(([, reads]) => reads > 0))
    })
  }

  it('three statements and no more rows read in a course of 300 lessons, near its end, than in one of 10', async () => {
    const small = await readFor(10, 3)
    const large = await readFor(300, 290)
    const total = (reads: Record<string, number>) => Object.values(reads).reduce((sum, n) => sum + n, 0)
    expect(Object.keys(large)).toEqual(Object.keys(small))
    expect(large.lessons).toBeLessThanOrEqual(small.lessons ?? 0)
    // The planner reads an index a little differently by what it knows of the tables.
    expect(total(large)).toBeLessThanOrEqual(total(small) + 10)
  })
})
