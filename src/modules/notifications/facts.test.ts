import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makePair } from '../../../test/support/calls.ts'
import { makeChatters } from '../../../test/support/chatters.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { publish } from '../../platform/events/events.ts'
import { makePerson, type Person, tokenIn } from '../accounts/factory.ts'
import { identityLinked } from '../accounts/index.ts'
import { oneOfEach, quizOf, rightAnswers } from '../assessments/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { makeFriends } from '../friends/factory.ts'
import { makePayment, simulatorWebhook } from '../payments/factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const price = { amount: 49_900, currency: 'INR' }
const as = (person: Person) => world.client.as(person.accessToken)
const mailsTo = (person: Person) =>
  world.mails.filter(({ to }) => to === person.email).map(({ subject }) => subject)
async function told(person: Person, kind: string) {
  await world.drain()
  const { body } = await as(person).get(`/api/notifications?kind=${kind}`)
  return body.items
}
const titles = (items: { title: string }[]) => items.map(({ title }) => title)

describe('what people are told, from the act to the row, the mail and the device', () => {
  it('enrollment: it begins, and it ends', async () => {
    const student = await makePerson(world.deps)
    const device = await world.connect(student.accessToken)
    const { id: courseId } = await makeCourse(world.deps, { title: 'Baking' })
    const { body: enrollment } = await as(student).post('/api/enrollments', { courseId })
    const [begun, ...more] = await told(student, 'enrollment')
    expect(more).toEqual([])
    expect(begun).toMatchObject({
      kind: 'enrollment',
      title: 'You are enrolled in “Baking”',
      data: { event: 'enrollment.activated', courseId, enrollmentId: enrollment.id },
      read: false,
    })
    expect(await device.next('notification')).toEqual(begun)
    expect(mailsTo(student)).toEqual(['You are enrolled in “Baking”'])

    await as(student).post(`/api/enrollments/${enrollment.id}/cancel`)
    const [ended] = await told(student, 'enrollment')
    expect(ended).toMatchObject({ data: { event: 'enrollment.cancelled' } })
    expect(await device.next('notification')).toEqual(ended)
    expect(mailsTo(student)[1]).toBe('Your enrollment in “Baking” has ended')
  })

  it('enrollment: a place is given up where nobody paid in time', async () => {
    const apart = await createWorld()
    const { student } = await makeEnrollment(apart.deps, { status: 'pending' })
    await apart.drain()
    apart.clock.advance({ hours: 25 })
    await apart.database.pool.query(`select graphile_worker.add_job('enrollments.expire-pending', '{}')`)
    await apart.drain()
    const toStudent = apart.mails.filter(({ to }) => to === student.email)
    expect(toStudent.map(({ subject }) => subject)).toEqual(['Your place in “Git basics” was given up'])
    await apart.close()
  })

  it('payment: captured, refunded and failed, but not one that another took the place of', async () => {
    const student = await makePerson(world.deps)
    const { id: courseId } = await makeCourse(world.deps, { title: 'Bread', price })
    const first = await as(student).post('/api/payments/create', { courseId, gateway: 'simulator' })
    expect(first.status).toBe(201)
    const { body } = await as(student).post('/api/payments/create', { courseId, gateway: 'simulator' })
    await world.client.post(`/api/payments/simulator/${body.payment.id}`, { outcome: 'declined' })
    expect(titles(await told(student, 'payment'))).toEqual(['Your payment did not succeed'])

    const again = await as(student).post('/api/payments/create', { courseId, gateway: 'simulator' })
    const { id: paymentId } = again.body.payment
    await world.client.post(`/api/payments/simulator/${paymentId}`, { outcome: 'paid' })
    expect((await told(student, 'payment'))[0]).toMatchObject({
      title: 'You have paid ₹499.00',
      data: { event: 'payment.captured', paymentId, courseId },
    })
    const admin = await makePerson(world.deps, { role: 'admin' })
    await as(admin).post(`/api/payments/${paymentId}/refund`, {})
    expect((await told(student, 'payment'))[0]).toMatchObject({ title: '₹499.00 went back to you' })
    expect(mailsTo(student)).toEqual(
      expect.arrayContaining([
        'You have paid ₹499.00',
        'You are enrolled in “Bread”',
        '₹499.00 went back to you',
      ]),
    )
  })

  it('payment: once, though its signed webhook comes twice and both are settled at once', async () => {
    const { payment, student } = await makePayment(world.deps)
    const device = await world.connect(student.accessToken)
    const { body, headers } = simulatorWebhook(world.deps, { paymentId: payment.id })
    const send = () => world.client.post('/api/payments/webhook', body, { headers })
    expect((await Promise.all([send(), send()])).map(({ status }) => status)).toEqual([200, 200])
    await world.drain()
    await send()
    expect(titles(await told(student, 'payment'))).toEqual(['You have paid ₹499.00'])
    await device.settled()
    const pushed = device.pushes.filter(({ name }) => name === 'notification')
    expect(pushed).toHaveLength(2)
    expect(mailsTo(student).toSorted()).toEqual(['You are enrolled in “Git basics”', 'You have paid ₹499.00'])
  })

  it('payment: money that pays for nothing is on its way back', async () => {
    const { payment, student } = await makePayment(world.deps)
    const amount = { amount: 100, currency: 'INR' }
    const { body, headers } = simulatorWebhook(world.deps, { paymentId: payment.id, amount })
    await world.client.post('/api/payments/webhook', body, { headers })
    expect(titles(await told(student, 'payment'))).toEqual(
      expect.arrayContaining(['₹1.00 are on their way back to you', 'Your payment did not succeed']),
    )
  })

  it('course_published: its instructors, whoever did it without a mail; those let in before, the first time', async () => {
    const lead = await makePerson(world.deps, { role: 'instructor' })
    const second = await makePerson(world.deps, { role: 'instructor' })
    const admin = await makePerson(world.deps, { role: 'admin' })
    const early = await makePerson(world.deps)
    const { id } = await makeCourse(world.deps, { owner: lead, title: 'Soon', published: false })
    const parts = [
      { userId: lead.id, role: 'lead' },
      { userId: second.id, role: 'assistant' },
    ]
    await as(admin).put(`/api/courses/${id}/instructors`, parts)
    expect((await as(lead).post(`/api/courses/${id}/enrollments`, { userId: early.id })).status).toBe(201)
    world.clock.advance({ seconds: 1 })
    await as(lead).post(`/api/courses/${id}/publish`)
    expect(titles(await told(lead, 'course_published'))).toEqual(['“Soon” is published'])
    expect(titles(await told(second, 'course_published'))).toEqual(['“Soon” is published'])
    expect(mailsTo(lead)).toEqual([])
    expect(mailsTo(second)).toEqual(['“Soon” is published'])
    expect(titles(await told(early, 'course_published'))).toEqual(['“Soon” has opened'])

    world.clock.advance({ seconds: 1 })
    await as(lead).post(`/api/courses/${id}/unpublish`)
    await as(lead).post(`/api/courses/${id}/publish`)
    expect(await told(second, 'course_published')).toHaveLength(2)
    expect(await told(early, 'course_published')).toHaveLength(1)
  })

  it('moderation: each instructor, when a course is hidden and when it is shown', async () => {
    const lead = await makePerson(world.deps, { role: 'instructor' })
    const admin = await makePerson(world.deps, { role: 'admin' })
    const { id } = await makeCourse(world.deps, { owner: lead, title: 'Odd' })
    await as(admin).put(`/api/courses/${id}/visibility`, { hidden: true, reason: 'Broken <links>.' })
    const [hidden] = await told(lead, 'moderation')
    expect(hidden).toMatchObject({ title: 'Your course “Odd” is hidden', data: { courseId: id } })
    expect(hidden.body).toContain('Broken <links>.')
    expect(world.mails.find(({ to }) => to === lead.email)?.html).toContain('Broken &lt;links&gt;.')
    await as(admin).put(`/api/courses/${id}/visibility`, { hidden: false })
    expect(titles(await told(lead, 'moderation'))[0]).toBe('Your course “Odd” is shown again')
  })

  it('quiz_result and certificate: the student, and as `child` the parents', async () => {
    const owner = await makePerson(world.deps, { role: 'instructor' })
    const student = await makePerson(world.deps, { name: 'Mina Rao' })
    const parent = await makePerson(world.deps, { role: 'parent' })
    const stranger = await makePerson(world.deps, { role: 'parent' })
    const { body: guardian } = await as(student).post('/api/users/me/guardian-codes')
    await as(parent).post('/api/children', { code: guardian.code })
    const course = await makeCourse(world.deps, { owner, title: 'Tested', sections: [[{ type: 'quiz' }]] })
    const quiz = { ...quizOf(), questions: oneOfEach }
    const { body: made } = await as(owner).put(`/api/lessons/${course.lessonIds[0]}/quiz`, quiz)
    await as(student).post('/api/enrollments', { courseId: course.id })
    const { body: attempt } = await as(student).post(`/api/quizzes/${made.id}/attempts`)
    await as(student).put(`/api/attempts/${attempt.id}/answers`, { answers: rightAnswers(attempt) })
    await as(student).post(`/api/attempts/${attempt.id}/submit`)

    expect((await told(student, 'quiz_result'))[0]).toMatchObject({
      title: '“What stuck?”: 100 %, passed',
      data: { attemptId: attempt.id, scorePercent: 100, passed: true },
    })
    expect((await told(student, 'certificate'))[0]).toMatchObject({
      title: 'Your certificate for “Tested”',
      data: { event: 'certificate.issued', certificateId: expect.any(String) },
    })
    // The result is on the screen; a certificate is worth a mail.
    expect(mailsTo(student)).toEqual(['You are enrolled in “Tested”', 'Your certificate for “Tested”'])
    const ofChild = ['Mina Rao: 100 % in “What stuck?”', 'Mina Rao has earned a certificate']
    expect(titles(await told(parent, 'child')).toSorted()).toEqual(ofChild.toSorted())
    expect(mailsTo(parent).toSorted()).toEqual(ofChild.toSorted())
    expect((await told(parent, 'child'))[0].data).toMatchObject({ childId: student.id })
    expect(await told(stranger, 'child')).toEqual([])

    // Who is no parent any more keeps the link, and hears nothing by it.
    const admin = await makePerson(world.deps, { role: 'admin' })
    await as(admin).patch(`/api/users/${parent.id}`, { role: 'student' })
    const { body: next } = await as(student).post(`/api/quizzes/${made.id}/attempts`)
    await as(student).post(`/api/attempts/${next.id}/submit`)
    expect(await told(student, 'quiz_result')).toHaveLength(2)
    expect(mailsTo(parent)).toHaveLength(2)
  })

  it('friend_request: who is asked, and who asked when it is accepted', async () => {
    const ada = await makePerson(world.deps, { name: 'Ada' })
    const ben = await makePerson(world.deps, { name: 'Ben' })
    await makeFriends(world.deps, ada, ben)
    expect((await told(ben, 'friend_request'))[0]).toMatchObject({
      title: 'Ada would like to be your friend',
      data: { event: 'friend.requested', userId: ada.id },
    })
    expect(titles(await told(ada, 'friend_request'))).toEqual(['Ben is your friend now'])
    expect(mailsTo(ben)).toEqual(['Ada would like to be your friend'])
  })

  it('message: one that waits, not one that is read at once; by mail only if it waits long, and without its words', async () => {
    // Ahead of the real time, which passes by itself.
    world.clock.advance({ minutes: 10 })
    const [asha, ben] = await makeChatters(world)
    await asha.say(ben, 'Top secret', 'c-1')
    await world.drain()
    expect(await told(ben.person, 'message')).toEqual([])
    world.clock.advance({ seconds: 4 })
    const [waits, ...more] = await told(ben.person, 'message')
    expect(more).toEqual([])
    expect(waits).toMatchObject({ data: { event: 'message.waiting', userId: asha.id } })
    expect(JSON.stringify(waits)).not.toContain('secret')
    expect(mailsTo(ben.person)).not.toContain(waits.title)
    world.clock.advance({ minutes: 5 })
    await world.drain()
    expect(mailsTo(ben.person)).toContain(waits.title)

    await ben.say(asha, 'Well', 'c-2')
    await asha.post(`/api/chat/read/${ben.id}`, { upTo: 2 })
    world.clock.advance({ seconds: 4 })
    expect(await told(asha.person, 'message')).toEqual([])
  })

  it('message: one that waits behind another which is read at once', async () => {
    const [asha, ben] = await makeChatters(world)
    await asha.say(ben, '1')
    await asha.say(ben, '2')
    await ben.post(`/api/chat/read/${asha.id}`, { upTo: 1 })
    await asha.say(ben, '3')
    await world.drain()
    world.clock.advance({ seconds: 4 })
    const [waits, ...more] = await told(ben.person, 'message')
    expect(more).toEqual([])
    world.clock.advance({ minutes: 5 })
    await world.drain()
    expect(mailsTo(ben.person)).toContain(waits?.title)
  })

  it('missed_call: who was called', async () => {
    const { asha, ben, a } = await makePair(world)
    const { callId } = await a.ask('call:invite', { to: ben.id, media: 'audio' })
    await a.ask('call:hangup', { callId })
    expect((await told(ben, 'missed_call'))[0]).toMatchObject({
      title: `You missed a call from ${asha.name}`,
      data: { event: 'call.missed', callId, userId: asha.id },
    })
    expect(await told(asha, 'missed_call')).toEqual([])
  })

  it('security: a changed password, by a mail even to an address that is not verified', async () => {
    const email = 'unverified@example.org'
    const password = 'a long password'
    const { body } = await world.client.post('/api/auth/register', { email, password, name: 'New' })
    const me = world.client.as(body.accessToken)
    const { id: courseId } = await makeCourse(world.deps, { title: 'Quiet' })
    await me.post('/api/enrollments', { courseId })
    await me.patch('/api/users/me/password', { currentPassword: password, newPassword: 'another password' })
    await world.drain()
    const { items } = (await me.get('/api/notifications')).body
    expect(titles(items).toSorted()).toEqual(['You are enrolled in “Quiet”', 'Your password was changed'])
    const subjects = world.mails.filter(({ to }) => to === email).map(({ subject }) => subject)
    expect(subjects.toSorted()).toEqual(['Confirm your e-mail address', 'Your password was changed'])
  })

  it('security: a sign-in by a program and from an address that were both not seen before', async () => {
    const apart = await createWorld({ config: { trustProxy: ['loopback'] } })
    const person = await makePerson(apart.deps)
    const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
    const signIn = (address: string, userAgent: string) =>
      apart.client.post(
        '/api/auth/login',
        { email: person.email, password: person.password },
        { headers: { 'x-forwarded-for': address, 'user-agent': userAgent } },
      )
    const subjects = () => apart.mails.filter(({ to }) => to === person.email)
    await signIn('127.0.0.1', firefox)
    await apart.drain()
    expect(subjects()).toEqual([])
    await signIn('203.0.113.7', firefox.replaceAll('140', '151'))
    await apart.drain()
    expect(subjects()).toEqual([])
    await signIn('198.51.100.9', 'Evil <b>Browser</b> (Windows NT 10.0)')
    await apart.drain()
    expect(subjects()).toMatchObject([{ subject: 'New sign-in to your account' }])
    expect(subjects()[0]?.text).toContain('by a program on Windows, from the address 198.51.100.9')
    await apart.close()
  })

  it('security: a linked way to sign in', async () => {
    const person = await makePerson(world.deps)
    const payload = { userId: person.id, issuer: 'https://id.example.org' }
    const cause = { userId: person.id, at: world.clock.now() }
    await world.deps.transact((tx) => publish(tx, identityLinked, payload, cause))
    expect(titles(await told(person, 'security'))).toEqual(['A new way to sign in to your account'])
    expect(mailsTo(person)).toEqual(['A new way to sign in to your account'])
  })

  it('nobody who is suspended or gone', async () => {
    const admin = await makePerson(world.deps, { role: 'admin' })
    const { student, payment } = await makePayment(world.deps, { captured: true })
    await as(admin).patch(`/api/users/${student.id}`, { status: 'suspended' })
    await world.drain()
    await as(admin).post(`/api/payments/${payment.id}/refund`, {})
    await world.drain()
    expect(mailsTo(student)).toEqual([])
    const { rows } = await world.database.pool.query('select 1 from notifications where user_id = $1', [
      student.id,
    ])
    expect(rows).toEqual([])
  })
})

describe('an address that is verified later', () => {
  it('gets mails from then on', async () => {
    const email = 'later@example.org'
    const { body } = await world.client.post('/api/auth/register', {
      email,
      password: 'a long password',
      name: 'L',
    })
    await world.drain()
    const token = tokenIn(world.mails.find(({ to }) => to === email))
    await world.client.post('/api/auth/email/verify', { token })
    const { id: courseId } = await makeCourse(world.deps, { title: 'Loud' })
    await world.client.as(body.accessToken).post('/api/enrollments', { courseId })
    await world.drain()
    const subjects = world.mails.filter(({ to }) => to === email).map(({ subject }) => subject)
    expect(subjects).toEqual(['Confirm your e-mail address', 'You are enrolled in “Loud”'])
  })
})
