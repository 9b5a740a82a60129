import { makePerson, type Person } from '../../src/modules/accounts/factory.ts'
import { makeQuiz, makeStudent, oneOfEach, rightAnswers } from '../../src/modules/assessments/factory.ts'
import { makeCourse } from '../../src/modules/catalogue/factory.ts'
import { makeCertificate } from '../../src/modules/certificates/factory.ts'
import { makeEnrollment } from '../../src/modules/enrollments/factory.ts'
import { makeFriends } from '../../src/modules/friends/factory.ts'
import { files } from '../../src/modules/media/factory.ts'
import { makeNotice } from '../../src/modules/notifications/factory.ts'
import { makePayment } from '../../src/modules/payments/factory.ts'
import { newId } from '../../src/platform/ids.ts'
import type { Random } from '../proof/random.ts'
import { makeMediaRow, upload } from './media.ts'
import type { World } from './world.ts'

/** What the text format of COPY writes otherwise than it is, and what sorts differently by language. */
const awkward = [
  'Zoë\tO’Brien',
  '\\N',
  'two\nlines\r\nand more',
  '\\. "quoted" \'too\'',
  '日本語 🎓 العربية',
  'a\u0001b\u007f',
  'éa',
  'eb',
  '  ',
]

/** Something of every module, with texts that are awkward to copy; another school for another seed. */
export async function makeRandomSchool(world: World, random: Random): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await growSchool(world, random)
    await writeRawFacts(world, random)
  }
  await fillCorners(world)
  await world.drain()
  await leaveJobs(world)
}

/** What a step does not touch, each once. */
async function fillCorners({ deps, client: anybody }: World): Promise<void> {
  const [admin, owner, student, parent] = await Promise.all(
    (['admin', 'instructor', 'student', 'parent'] as const).map((role) => makePerson(deps, { role })),
  )
  if (!admin || !owner || !student || !parent) throw new Error('nobody is there')
  const as = ({ accessToken }: Person) => anybody.as(accessToken)
  const course = await makeCourse(deps, { owner })
  await makeEnrollment(deps, { student, courseId: course.id })
  await as(admin).post('/api/categories', { name: 'Arts' })
  await as(admin).post('/api/categories', { name: 'Müsic' })
  await as(admin).post('/api/coupons', { code: 'HALF', percentOff: 50 })
  await as(owner).post(`/api/courses/${course.id}/questions`, oneOfEach[0])
  const file = await upload(as(owner), files.text(), { name: 'notes.txt' })
  await as(owner).post(`/api/lessons/${course.lessonIds[0]}/materials`, { mediaId: file.body.id })
  const { body } = await as(student).post('/api/users/me/guardian-codes')
  await as(parent).post('/api/children', { code: body.code })
  await as(student).post('/api/users/me/guardian-codes')
  await as(student).post(`/api/blocks/${owner.id}`)
  await as(student).put('/api/notifications/preferences', { digest: 'weekly' })
  await anybody.post('/api/auth/password/forgot', { email: student.email })
  const paid = await makePayment(deps, { captured: true })
  await as(admin).post(`/api/payments/${paid.payment.id}/refund`, {})
  const { id } = (await makePayment(deps)).payment
  await anybody.post(`/api/payments/simulator/${id}`, { outcome: 'paid' })
  const quiz = await makeQuiz(deps, { exam: true })
  const solver = await makeStudent(deps, quiz)
  await as(admin).post(`/api/quizzes/${quiz.id}/extra-attempts`, { userId: solver.id })
  const open = await as(solver).post(`/api/quizzes/${quiz.id}/attempts`)
  await as(solver).put(`/api/attempts/${open.body.id}/answers`, {
    answers: rightAnswers(open.body, quiz.quiz.questions),
  })
  await as(solver).post(`/api/attempts/${open.body.id}/submit`)
}

/** One more step of a school's life: what goes on while a backup is made. */
export async function growSchool(world: World, random: Random): Promise<void> {
  const { deps } = world
  const name = () => random.pick(awkward) ?? ''
  const owner = await makePerson(deps, { role: 'instructor', name: `Ada ${name()}` })
  const student = await makePerson(deps, { name: `Ben ${name()}` })
  const other = await makePerson(deps)
  const course = await makeCourse(deps, { owner, title: `Course ${name()}`, published: random.happens(0.8) })
  if (random.happens(0.7))
    await makeEnrollment(deps, { status: random.pick(['pending', 'cancelled']) ?? 'active' })
  await makePayment(deps, { captured: random.happens(0.7) })
  await makeCertificate(deps, { student })
  await makeFriends(deps, student, other)
  await makeNotice(deps, [student, other], { body: name() })
  await makeMediaRow(world, owner, { name: name() })
  await learn(world, random, { course, student, other })
  const quiz = await makeQuiz(deps, { exam: random.happens(0.5) })
  const solver = await makeStudent(deps, quiz)
  await world.client.as(solver.accessToken).post(`/api/quizzes/${quiz.id}/attempts`)
}

async function learn(
  world: World,
  random: Random,
  people: { course: Awaited<ReturnType<typeof makeCourse>>; student: Person; other: Person },
): Promise<void> {
  const { course, student, other } = people
  const reader = world.client.as(student.accessToken)
  await reader.post('/api/enrollments', { courseId: course.id })
  for (const lessonId of course.lessonIds)
    if (random.happens(0.7)) await reader.post('/api/progress/lesson', { lessonId, completed: true })
  await reader.put(`/api/courses/${course.id}/reviews/mine`, { stars: random.between(1, 5), text: 'Good.' })
  await reader.post(`/api/chat/messages/${other.id}`, { text: random.pick(awkward), clientId: newId() })
}

async function writeRawFacts({ database, clock }: World, random: Random): Promise<void> {
  for (const text of awkward.filter(() => random.happens(0.6)))
    await database.pool.query(
      `insert into events (id, type, user_id, occurred_at, payload) values ($1, $2, null, $3, $4)`,
      [newId(), text, clock.now(), JSON.stringify({ text, deep: [{ numbers: [0.1, -1e30, null] }] })],
    )
}

/** Jobs of each kind: for later, with a key, in a queue, dead, and at work in this very moment. */
async function leaveJobs({ database }: World): Promise<void> {
  await database.pool.query(
    `select graphile_worker.add_job('later', '{"text": "a\\\\nb"}', run_at => now() + interval '1 day', job_key => 'one only'),
       graphile_worker.add_job('queued', '{}', queue_name => 'in order'),
       graphile_worker.add_job('dead', '[1, 2]', max_attempts => 1),
       graphile_worker.add_job('at work', '{}', flags => array['a'])`,
  )
  await database.pool.query(
    `update graphile_worker._private_jobs jobs set attempts = 1, last_error = case identifier when 'dead' then E'it\\tbroke' end,
       locked_at = case identifier when 'at work' then now() end, locked_by = case identifier when 'at work' then 'worker' end
     from graphile_worker._private_tasks tasks where tasks.id = task_id and identifier in ('dead', 'at work')`,
  )
}
