import { makePerson, type Person } from '../../src/modules/accounts/factory.ts'
import { makeQuiz, rightAnswers } from '../../src/modules/assessments/factory.ts'
import { makeCourse } from '../../src/modules/catalogue/factory.ts'
import { makeCertificate } from '../../src/modules/certificates/factory.ts'
import { makeEnrollment } from '../../src/modules/enrollments/factory.ts'
import { makeFriends } from '../../src/modules/friends/factory.ts'
import { files } from '../../src/modules/media/factory.ts'
import { newId } from '../../src/platform/ids.ts'
import type { Answer, Client } from '../support/http.ts'
import { upload } from '../support/media.ts'
import type { World } from '../support/world.ts'

/** Somebody who has left something in every table that holds anything of anybody. */
export interface Life {
  readonly person: Person
  /** Which rows of a table are theirs. */
  readonly rowsOf: Readonly<Record<string, string>>
  /** What they said of themselves, in words that nobody else uses. */
  readonly words: readonly string[]
}

const name = 'Zerubbabel Quillfeather'
const email = 'zerubbabel@quillfeather.example'

export async function liveALife(world: World): Promise<Life> {
  const { deps, database } = world
  const person = await makePerson(deps, { name, email })
  const [friend, stranger, blocked, parent, admin, teacher] = await Promise.all([
    makePerson(deps),
    makePerson(deps),
    makePerson(deps),
    makePerson(deps, { role: 'parent' }),
    makePerson(deps, { role: 'admin' }),
    makePerson(deps, { role: 'instructor' }),
  ])
  const as = ({ accessToken }: Person) => world.client.as(accessToken)
  const me = as(person)
  const words = [name, email, 'Wordmonger', 'Marginalia', 'Palimpsest', 'Ligature', 'Colophon']

  await ok(
    me.patch('/api/users/me', {
      headline: 'Wordmonger',
      bio: 'Marginalia',
      locale: 'fr',
      timezone: 'Asia/Tokyo',
    }),
  )
  await ok(me.put('/api/users/me/avatar', picture(await files.png())))
  await ok(me.post('/api/auth/login', { email, password: person.password, client: 'native' }))
  const { body: code } = await ok(me.post('/api/users/me/guardian-codes'))
  await ok(as(parent).post('/api/children', { code: code.code }))
  await ok(me.post('/api/users/me/guardian-codes'))

  // Friends and what they say.
  await makeFriends(deps, person, friend)
  await ok(me.post('/api/friends/request', { userId: stranger.id }))
  await ok(me.post(`/api/blocks/${blocked.id}`))
  const key = { headers: { 'idempotency-key': newId() } }
  await ok(me.post(`/api/chat/messages/${friend.id}`, { text: 'Palimpsest', clientId: 'Ligature' }, key))
  const { body: file } = await ok(upload(me, await files.png(), { name: 'Colophon.png' }))
  await ok(me.post(`/api/chat/messages/${friend.id}`, { mediaId: file.id, clientId: newId() }))
  await ok(as(friend).post(`/api/chat/messages/${person.id}`, { text: 'Yes?', clientId: newId() }))

  // A course taken to its end, reviewed; a quiz; one that is paid, one that was not, one with a coupon.
  const { id: courseId } = await makeCourse(deps, { owner: teacher })
  await makeCertificate(deps, { student: person, courseId })
  await ok(me.put(`/api/courses/${courseId}/reviews/mine`, { stars: 4, text: 'Palimpsest' }))
  const quiz = await makeQuiz(deps, { owner: teacher })
  const { id: enrollmentId } = await makeEnrollment(deps, { student: person, courseId: quiz.courseId })
  await ok(as(teacher).post(`/api/quizzes/${quiz.id}/extra-attempts`, { userId: person.id }))
  const { body: attempt } = await ok(me.post(`/api/quizzes/${quiz.id}/attempts`))
  await ok(me.put(`/api/attempts/${attempt.id}/answers`, { answers: rightAnswers(attempt) }))
  await ok(me.post(`/api/attempts/${attempt.id}/submit`))
  const { id: readingId } = await makeCourse(deps, { owner: teacher })
  await ok(me.post('/api/enrollments', { courseId: readingId }, { headers: { 'idempotency-key': newId() } }))
  const { body: outline } = await ok(me.get(`/api/courses/${readingId}/outline`))
  const [lesson] = outline.sections[0].lessons
  await ok(me.post('/api/progress/lesson', { lessonId: lesson.id, positionSeconds: 7 }))
  await ok(as(admin).post('/api/coupons', { code: 'INK', percentOff: 10 }))
  for (const outcome of ['paid', 'declined', 'paid']) await buy(world, me, { teacher, outcome })
  await world.drain()
  const { body: payments } = await ok(me.get('/api/payments/my'))
  for (const { id, status } of payments.items)
    if (status === 'captured')
      await ok(as(admin).post(`/api/payments/${id}/refund`, { reason: 'By mistake' }))

  await ok(as(admin).patch(`/api/users/${person.id}`, { name: `${name}, PhD` }))
  await ok(me.patch('/api/users/me', { name }))
  await ok(
    me.put('/api/notifications/preferences', {
      digest: 'daily',
      kinds: { message: { inApp: true, email: false } },
    }),
  )
  await ok(world.client.post('/api/auth/password/forgot', { email }))
  await world.drain()
  const insert = (text: string, ...values: unknown[]) => database.pool.query(text, values)
  await insert(`insert into identities values ('https://id.example.org', 'Ligature', $1, now())`, person.id)
  await insert('insert into last_seen values ($1, now()) on conflict do nothing', person.id)
  await insert(
    'insert into exam_passes (enrollment_id, passed_at) values ($1, now()) on conflict do nothing',
    enrollmentId,
  )
  const [over, call] = [newId(), newId()]
  await insert(
    `insert into calls (id, caller_id, callee_id, media, state, created_at, answered_at, ended_at, end_reason)
     values ($1, $3, $4, 'audio', 'ended', now(), now(), now(), 'hung_up'),
       ($2, $3, $4, 'audio', 'active', now(), now(), null, null)`,
    over,
    call,
    person.id,
    friend.id,
  )
  await insert(`insert into call_parties values ($1, $2, 'Ligature', now())`, person.id, call)
  await insert(
    `insert into reminders (id, user_id, course_id, cause, subject_id, step, made_at, latest_at, due_at, told_at)
     values ($1, $3, $4, 'inactivity', $5, 7, now(), now(), now(), null), ($2, $3, $4, 'opening', $5, 3, now(), now(), null, now())`,
    newId(),
    newId(),
    person.id,
    courseId,
    enrollmentId,
  )
  await insert('insert into assistant_days values ($1, now(), 1)', person.id)
  await insert(
    `insert into assistant_usage (id, user_id, day, task, model, began_at, held_until, ended_at, outcome, fault)
     values ($1, $2, now(), 'feedback', 'a model', now(), now(), now(), 'failed', 'timeout')`,
    newId(),
    person.id,
  )
  await insert(
    `insert into assistant_outputs values ('a key', 'feedback', $1, '"Marginalia"', now())`,
    person.id,
  )
  await insert(
    `insert into events (id, type, user_id, occurred_at, payload, audited, actor_role, request_id, address, subject_type)
     values ($1, 'quill.sharpened', $2, now(), '{}', true, 'instructor', 'request', '192.0.2.77', 'quill')`,
    newId(),
    person.id,
  )
  const [endpoint, told] = [newId(), newId()]
  await insert(
    `insert into webhook_endpoints (id, url, events, sealed_secret, created_at, updated_at)
     values ($1, 'https://crm.example.org/', '{progress.reset}', '', now(), now())`,
    endpoint,
  )
  await insert(
    `insert into webhook_deliveries
       (id, endpoint_id, event_id, type, occurred_at, data, user_id, status, delivered_at, created_at)
     values ($1, $2, $1, 'progress.reset', now(), json_build_object('userId', $3::uuid), $3, 'delivered', now(), now())`,
    told,
    endpoint,
    person.id,
  )
  await insert(`insert into webhook_attempts values ($1, 1, now(), 1, 200, null, 'Marginalia')`, told)
  return { person, words: [...words, '192.0.2.77'], rowsOf }
}

async function buy(world: World, me: Client, { teacher, outcome }: { teacher: Person; outcome: string }) {
  const price = { amount: 49_900, currency: 'INR' }
  const { id: courseId } = await makeCourse(world.deps, { owner: teacher, price })
  const { body } = await ok(
    me.post('/api/payments/create', { courseId, gateway: 'simulator', coupon: 'INK' }),
  )
  await ok(world.client.post(`/api/payments/simulator/${body.payment.id}`, { outcome }))
}

async function ok(answer: Promise<Answer>): Promise<Answer> {
  const got = await answer
  if (got.status >= 300) throw new Error(`${got.status} ${JSON.stringify(got.body)}`)
  return got
}

function picture(bytes: Uint8Array): FormData {
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(bytes)], { type: 'image/png' }), 'me.png')
  return form
}

const enrollment = 'enrollment_id in (select id from enrollments where user_id = $1)'
const payment = 'payment_id in (select id from payments where user_id = $1)'
const own = 'user_id = $1'

/** Theirs by what; a table that is not here is theirs by `user_id`. */
const rowsOf: Readonly<Record<string, string>> = {
  blocks: 'blocker_id = $1',
  // No other has an address.
  events: 'user_id = $1 and audited',
  calls: 'caller_id = $1',
  conversations: '$1 in (low_id, high_id)',
  coupons: 'created_by = $1',
  enrollment_entitlements: enrollment,
  enrollment_facts: enrollment,
  enrollment_history: enrollment,
  exam_passes: enrollment,
  friendships: '$1 in (from_id, to_id)',
  guardian_codes: 'child_id = $1',
  guardian_links: 'child_id = $1',
  lesson_progress: enrollment,
  messages: 'sender_id = $1',
  payment_captures: payment,
  payment_history: payment,
  quiz_results: enrollment,
  refresh_tokens: 'session_id in (select id from sessions where user_id = $1)',
  refunds: payment,
  reviews: own,
  users: 'id = $1',
  webhook_attempts: 'delivery_id in (select id from webhook_deliveries where user_id = $1)',
  webhook_inbox: `event ->> 'paymentId' in (select id::text from payments where user_id = $1)`,
}
