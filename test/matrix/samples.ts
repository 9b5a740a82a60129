import sharp from 'sharp'
import { makePerson } from '../../src/modules/accounts/factory.ts'
import { oneOfEach, quizOf, rightAnswers } from '../../src/modules/assessments/factory.ts'
import { makeCourse } from '../../src/modules/catalogue/factory.ts'
import { makeCertificate } from '../../src/modules/certificates/factory.ts'
import { files } from '../../src/modules/media/factory.ts'
import { makeNotice } from '../../src/modules/notifications/factory.ts'
import { makePayment } from '../../src/modules/payments/factory.ts'
import { newId } from '../../src/platform/ids.ts'
import { makeMediaRow, upload } from '../support/media.ts'
import type { Sample, Scene } from './cast.ts'
import { peopleSamples } from './people-samples.ts'
import { webhookSamples } from './webhook-samples.ts'

const email = () => `${newId()}@example.org`
const password = 'correct horse battery'

async function picture(): Promise<FormData> {
  const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(png)], { type: 'image/png' }), 'me.png')
  return form
}

const bystander = async ({ world }: Scene) => ({ id: (await makePerson(world.deps)).id })
const course = ({ courseId }: Scene) => ({ id: courseId })

async function avatar({ world, cast }: Scene) {
  await world.client.as(cast.student.accessToken).put('/api/users/me/avatar', await picture())
  const { body } = await world.client.as(cast.student.accessToken).get('/api/users/me')
  const [id = '', , name = ''] = new URL(body.avatarUrl).pathname.split('/').slice(3)
  return { id, name }
}

async function thumbnail({ world, cast, courseId }: Scene) {
  const instructor = world.client.as(cast.instructor.accessToken)
  const { body } = await instructor.put(`/api/courses/${courseId}/thumbnail`, await picture())
  return { name: new URL(body.thumbnail.url).pathname.split('/').at(-1) ?? '' }
}

async function category({ world, cast }: Scene) {
  const { body } = await world.client
    .as(cast.admin.accessToken)
    .post('/api/categories', { name: `C ${newId()}` })
  return { id: body.id as string }
}

async function deadLetter({ world }: Scene) {
  const { rows } = await world.database.pool.query(
    `with dead as (select * from graphile_worker.add_job('matrix', max_attempts => 1))
     select id::text from dead`,
  )
  const [{ id }] = rows as [{ id: string }]
  await world.database.pool.query(
    'update graphile_worker._private_jobs set attempts = max_attempts where id = $1',
    [id],
  )
  return { id }
}

async function material({ world, cast, lessonIds: [lessonId = ''] }: Scene) {
  const mediaId = await makeMediaRow(world, cast.instructor)
  const { body } = await world.client
    .as(cast.instructor.accessToken)
    .post(`/api/lessons/${lessonId}/materials`, { mediaId })
  return { id: body.id as string }
}

/** A file of the instructor's. */
async function media({ world, cast }: Scene) {
  const { body } = await upload(world.client.as(cast.instructor.accessToken), files.text())
  return { id: body.id as string }
}

const tus = { 'tus-resumable': '1.0.0' }

/** A resumable upload that the instructor began. */
async function begun({ world, cast }: Scene) {
  const instructor = world.client.as(cast.instructor.accessToken)
  const headers = { ...tus, 'upload-length': '5' }
  return { id: (await instructor.post('/api/media/uploads', undefined, { headers })).body.id as string }
}

/** A payment of the student's that went through. */
async function captured({ world, cast }: Scene) {
  const price = { amount: 49_900, currency: 'INR' }
  const { id: courseId } = await makeCourse(world.deps, { owner: cast.instructor, price })
  const student = world.client.as(cast.student.accessToken)
  const { body } = await student.post('/api/payments/create', { courseId, gateway: 'simulator' })
  await world.client.post(`/api/payments/simulator/${body.payment.id}`, { outcome: 'paid' })
  await world.drain()
  return { id: body.payment.id as string }
}

const coupon = ({ courseId }: Scene) => ({ code: `C-${newId()}`, percentOff: 10, courseId })

async function madeCoupon(scene: Scene) {
  const instructor = scene.world.client.as(scene.cast.instructor.accessToken)
  const { body } = await instructor.post('/api/coupons', coupon(scene))
  return { id: body.id as string }
}

const quiz = { ...quizOf(), questions: oneOfEach }

async function quizLesson({ world, cast, sectionId }: Scene) {
  const instructor = world.client.as(cast.instructor.accessToken)
  const { body } = await instructor.post('/api/lessons', { sectionId, title: 'Quiz', type: 'quiz' })
  const made = await instructor.put(`/api/lessons/${body.id}/quiz`, quiz)
  return { lessonId: body.id as string, quizId: made.body.id as string }
}

async function exam({ world, cast, courseId }: Scene) {
  await world.client.as(cast.instructor.accessToken).put(`/api/courses/${courseId}/exam`, quiz)
  return { id: courseId }
}

async function bankQuestion({ world, cast, courseId }: Scene) {
  const instructor = world.client.as(cast.instructor.accessToken)
  const { body } = await instructor.post(`/api/courses/${courseId}/questions`, oneOfEach[0])
  return { id: courseId, questionId: body.id as string }
}

async function attempt(scene: Scene) {
  const { quizId } = await quizLesson(scene)
  const student = scene.world.client.as(scene.cast.student.accessToken)
  const { body } = await student.post(`/api/quizzes/${quizId}/attempts`)
  return { id: body.id as string, answers: rightAnswers(body) }
}
/** A published course keeps the quizzes of its lessons. */
async function lessonOfDraft(scene: Scene) {
  await unpublished(scene)
  return lessonOf(scene)
}

function unpublished({ world, cast, courseId }: Scene) {
  return world.client.as(cast.instructor.accessToken).post(`/api/courses/${courseId}/unpublish`)
}

const lessonOf = async (scene: Scene) => ({ id: (await quizLesson(scene)).lessonId })
const quizIn = async (scene: Scene) => ({ id: (await quizLesson(scene)).quizId })

/** The student's, of the instructor's course. */
async function certificate({ world, cast }: Scene) {
  const { id: courseId } = await makeCourse(world.deps, { owner: cast.instructor })
  return (await makeCertificate(world.deps, { student: cast.student, courseId })).certificate
}

/** The student's, of the course. */
async function review({ world, cast, courseId }: Scene) {
  const student = world.client.as(cast.student.accessToken)
  const { body } = await student.put(`/api/courses/${courseId}/reviews/mine`, { stars: 4 })
  return { id: body.id as string, courseId }
}

/** The student's. */
async function notification({ world, cast }: Scene) {
  await makeNotice(world.deps, [cast.student])
  const { body } = await world.client.as(cast.student.accessToken).get('/api/notifications')
  return { id: body.items[0].id as string }
}

const child = ({ cast }: Scene) => ({ childId: cast.student.id })

/** By route. What takes neither parameters nor a body needs none. */
export const samples: Readonly<Record<string, (scene: Scene) => Sample | Promise<Sample>>> = {
  'POST /api/auth/register': () => ({ body: { email: email(), password, name: 'New' } }),
  'POST /api/auth/login': ({ cast }) => ({ body: { email: cast.student.email, password } }),
  'POST /api/auth/refresh': ({ cast }) => ({ body: { refreshToken: cast.student.refreshToken } }),
  'DELETE /api/auth/sessions/:id': ({ cast }) => ({ params: { id: cast.student.sessionId } }),
  'POST /api/auth/password/forgot': () => ({ body: { email: email() } }),
  'POST /api/auth/password/reset': () => ({ body: { token: 'x'.repeat(60), password } }),
  'PATCH /api/users/me/password': () => ({
    body: { currentPassword: password, newPassword: 'another long password' },
  }),
  'POST /api/auth/email/verify': () => ({ body: { token: 'x'.repeat(60) } }),
  'POST /api/auth/claim': () => ({ body: { token: 'x'.repeat(60), email: email(), name: 'New', password } }),
  'PATCH /api/users/me': () => ({ body: { name: 'Renamed' } }),
  'DELETE /api/users/me': () => ({ body: { password } }),
  'PUT /api/users/me/avatar': async () => ({ body: await picture() }),
  'GET /api/users/:id/avatar/:name': async (scene) => ({ params: await avatar(scene) }),
  'GET /api/users/:id/profile': async (scene) => ({ params: await bystander(scene) }),
  'POST /api/users': () => ({ body: { email: email(), name: 'New', role: 'student', password } }),
  'GET /api/users/:id': async (scene) => ({ params: await bystander(scene) }),
  'PATCH /api/users/:id': async (scene) => ({ params: await bystander(scene), body: { name: 'Renamed' } }),
  'DELETE /api/users/:id': async (scene) => ({ params: await bystander(scene) }),
  'POST /api/media': async () => ({ body: await picture() }),
  'POST /api/media/uploads': () => ({ headers: { ...tus, 'upload-length': '5' } }),
  'HEAD /api/media/uploads/:id': async (scene) => ({ params: await begun(scene), headers: tus }),
  'PATCH /api/media/uploads/:id': async (scene) => ({
    params: await begun(scene),
    headers: { ...tus, 'upload-offset': '0' },
    body: new Blob(['text!'], { type: 'application/offset+octet-stream' }),
  }),
  'DELETE /api/media/uploads/:id': async (scene) => ({ params: await begun(scene), headers: tus }),
  'DELETE /api/media/:id': async (scene) => ({ params: await media(scene) }),
  'GET /api/media/:id': async (scene) => ({ params: await media(scene) }),
  'HEAD /api/media/:id': async (scene) => ({ params: await media(scene) }),
  'GET /api/media/:id/details': async (scene) => ({ params: await media(scene) }),
  'DELETE /api/users/me/guardians/:parentId': ({ cast }) => ({ params: { parentId: cast.parent.id } }),
  'POST /api/children': async ({ world, cast }) => {
    const { body } = await world.client.as(cast.student.accessToken).post('/api/users/me/guardian-codes')
    return { body: { code: body.code } }
  },
  'DELETE /api/children/:childId': (scene) => ({ params: child(scene) }),
  'POST /api/users/:id/children': ({ cast }) => ({
    params: { id: cast.otherParent.id },
    body: { childId: cast.student.id },
  }),
  'DELETE /api/users/:id/children/:childId': (scene) => ({
    params: { id: scene.cast.parent.id, ...child(scene) },
  }),
  'GET /api/children/:childId/enrollments': (scene) => ({ params: child(scene) }),
  'GET /api/children/:childId/progress/:courseId': (scene) => ({
    params: { ...child(scene), courseId: scene.courseId },
  }),
  'GET /api/children/:childId/attempts': (scene) => ({ params: child(scene) }),
  'GET /api/children/:childId/certificates': (scene) => ({ params: child(scene) }),
  'GET /api/children/:childId/overview': (scene) => ({ params: child(scene) }),
  'POST /api/notifications/:id/read': async (scene) => ({ params: await notification(scene) }),
  'PUT /api/notifications/preferences': () => ({ body: {} }),
  'POST /api/categories': () => ({ body: { name: `C ${newId()}` } }),
  'PATCH /api/categories/:id': async (scene) => ({
    params: await category(scene),
    body: { name: `D ${newId()}` },
  }),
  'DELETE /api/categories/:id': async (scene) => ({ params: await category(scene) }),
  'POST /api/courses': () => ({ body: { title: 'New course' } }),
  'PATCH /api/courses/:id': (scene) => ({ params: course(scene), body: { subtitle: 'New' } }),
  'PUT /api/courses/:id': (scene) => ({ params: course(scene), body: { title: 'New' } }),
  'DELETE /api/courses/:id': (scene) => ({ params: course(scene) }),
  'GET /api/courses/:id': (scene) => ({ params: course(scene) }),
  'POST /api/courses/:id/publish': async (scene) => {
    await unpublished(scene)
    return { params: course(scene) }
  },
  'POST /api/courses/:id/unpublish': (scene) => ({ params: course(scene) }),
  'POST /api/courses/:id/duplicate': (scene) => ({ params: course(scene) }),
  'PUT /api/courses/:id/thumbnail': async (scene) => ({ params: course(scene), body: await picture() }),
  'DELETE /api/courses/:id/thumbnail': async (scene) => {
    await thumbnail(scene)
    return { params: course(scene) }
  },
  'GET /api/thumbnails/:name': async (scene) => ({ params: await thumbnail(scene) }),
  'PUT /api/courses/:id/visibility': (scene) => ({
    params: course(scene),
    body: { hidden: true, reason: 'Not ours to sell.' },
  }),
  'PUT /api/courses/:id/instructors': (scene) => ({
    params: course(scene),
    body: [{ userId: scene.cast.instructor.id, role: 'lead' }],
  }),
  'POST /api/lessons/:id/materials': async ({ world, cast, lessonIds: [id = ''] }) => ({
    params: { id },
    // An admin may use anybody's.
    body: { mediaId: await makeMediaRow(world, cast.instructor) },
  }),
  'GET /api/materials/:id': async (scene) => ({ params: await material(scene) }),
  'DELETE /api/materials/:id': async (scene) => ({ params: await material(scene) }),
  'GET /api/courses/:id/reviews': (scene) => ({ params: course(scene) }),
  'PUT /api/courses/:id/reviews/mine': (scene) => ({ params: course(scene), body: { stars: 5 } }),
  'DELETE /api/courses/:id/reviews/mine': async (scene) => ({
    params: { id: (await review(scene)).courseId },
  }),
  'DELETE /api/reviews/:id': async (scene) => ({ params: { id: (await review(scene)).id } }),
  'POST /api/sections': ({ courseId }) => ({ body: { courseId, title: 'New' } }),
  'GET /api/sections/:id': (scene) => ({ params: course(scene) }),
  'PATCH /api/sections/:id': ({ sectionId }) => ({ params: { id: sectionId }, body: { title: 'New' } }),
  'DELETE /api/sections/:id': ({ sectionId }) => ({ params: { id: sectionId } }),
  'PUT /api/courses/:id/outline': (scene) => ({
    params: course(scene),
    body: [{ sectionId: scene.sectionId, lessonIds: scene.lessonIds.toReversed() }],
  }),
  'GET /api/courses/:id/outline': (scene) => ({ params: course(scene) }),
  'POST /api/lessons': ({ sectionId }) => ({ body: { sectionId, title: 'New', type: 'text' } }),
  'GET /api/lessons/:id': ({ sectionId }) => ({ params: { id: sectionId } }),
  'PATCH /api/lessons/:id': ({ lessonIds: [id = ''] }) => ({ params: { id }, body: { title: 'New' } }),
  'DELETE /api/lessons/:id': ({ lessonIds: [id = ''] }) => ({ params: { id } }),
  'POST /api/enrollments': async ({ world, cast, courseId }) => {
    // Enrolled already would be a conflict: the student's enrollment is ended first.
    await world.database.pool.query(
      "update enrollments set status = 'cancelled', cancelled_at = now() where user_id = $1",
      [cast.student.id],
    )
    return { body: { courseId } }
  },
  'GET /api/enrollments/:id': ({ enrollmentId }) => ({ params: { id: enrollmentId } }),
  'POST /api/enrollments/:id/cancel': ({ enrollmentId }) => ({ params: { id: enrollmentId } }),
  'DELETE /api/enrollments/:id/grant': async ({ world, cast, courseId, enrollmentId }) => {
    const owner = world.client.as(cast.instructor.accessToken)
    await owner.post(`/api/courses/${courseId}/enrollments`, { userId: cast.student.id })
    return { params: { id: enrollmentId } }
  },
  'GET /api/courses/:id/enrollment-status': (scene) => ({ params: course(scene) }),
  'GET /api/courses/:id/enrollments': (scene) => ({ params: course(scene) }),
  'POST /api/courses/:id/enrollments': (scene) => ({
    params: course(scene),
    body: { userId: scene.cast.otherStudent.id },
  }),
  'POST /api/courses/:id/enrollments/import': (scene) => ({
    params: course(scene),
    body: new Blob([`email\n${scene.cast.otherStudent.email}\n`], { type: 'text/csv' }),
  }),
  'POST /api/coupons': (scene) => ({ body: coupon(scene) }),
  'PATCH /api/coupons/:id': async (scene) => ({
    params: await madeCoupon(scene),
    body: { percentOff: 20 },
  }),
  'POST /api/payments/create': async ({ world, cast }) => {
    const price = { amount: 49_900, currency: 'INR' }
    const { id: courseId } = await makeCourse(world.deps, { owner: cast.instructor, price })
    return { body: { courseId, gateway: 'simulator' } }
  },
  'POST /api/payments/verify': () => ({
    body: { razorpay_order_id: 'order_1', razorpay_payment_id: 'pay_1', razorpay_signature: 'x' },
  }),
  'POST /api/payments/simulator/:paymentId': async ({ world }) => ({
    params: { paymentId: (await makePayment(world.deps)).payment.id },
    body: { outcome: 'paid' },
  }),
  'POST /api/payments/webhook/:gateway': () => ({ params: { gateway: 'simulator' }, body: {} }),
  'POST /api/payments/webhook': () => ({ body: {} }),
  'GET /api/payments/:id': async (scene) => ({ params: await captured(scene) }),
  'POST /api/payments/:id/refund': async (scene) => ({ params: await captured(scene), body: {} }),
  'GET /api/payments/:id/receipt': async (scene) => ({ params: await captured(scene) }),
  'GET /api/courses/:courseId/lessons/:lessonId': ({ courseId, lessonIds: [lessonId = ''] }) => ({
    params: { courseId, lessonId },
  }),
  'POST /api/progress/lesson': ({ lessonIds: [lessonId = ''] }) => ({ body: { lessonId, completed: true } }),
  'GET /api/progress/course/:courseId': ({ courseId }) => ({ params: { courseId } }),
  'POST /api/progress/course/:courseId/complete': ({ courseId }) => ({ params: { courseId } }),
  'POST /api/progress/course/:courseId/reset': ({ courseId }) => ({ params: { courseId } }),
  'PUT /api/lessons/:id/quiz': async (scene) => ({ params: await lessonOf(scene), body: quiz }),
  'GET /api/lessons/:id/quiz': async (scene) => ({ params: await lessonOf(scene) }),
  'DELETE /api/lessons/:id/quiz': async (scene) => ({ params: await lessonOfDraft(scene) }),
  'PUT /api/courses/:id/exam': async (scene) => ({ params: await exam(scene), body: quiz }),
  'GET /api/courses/:id/exam': async (scene) => ({ params: await exam(scene) }),
  'DELETE /api/courses/:id/exam': async (scene) => ({ params: await exam(scene) }),
  'GET /api/quizzes/:id': async (scene) => ({ params: await quizIn(scene) }),
  'GET /api/courses/:id/quizzes': (scene) => ({ params: course(scene) }),
  'POST /api/courses/:id/questions': (scene) => ({ params: course(scene), body: oneOfEach[0] }),
  'GET /api/courses/:id/questions': (scene) => ({ params: course(scene) }),
  'PATCH /api/courses/:id/questions/:questionId': async (scene) => ({
    params: await bankQuestion(scene),
    body: { points: 2 },
  }),
  'DELETE /api/courses/:id/questions/:questionId': async (scene) => ({ params: await bankQuestion(scene) }),
  'POST /api/quizzes/:id/attempts': async (scene) => ({ params: await quizIn(scene) }),
  'POST /api/quizzes/:id/extra-attempts': async (scene) => ({
    params: await quizIn(scene),
    body: { userId: scene.cast.student.id },
  }),
  'GET /api/quizzes/:id/attempts': async (scene) => ({ params: await quizIn(scene) }),
  'GET /api/attempts/:id': async (scene) => ({ params: { id: (await attempt(scene)).id } }),
  'PUT /api/attempts/:id/answers': async (scene) => {
    const { id, answers } = await attempt(scene)
    return { params: { id }, body: { answers } }
  },
  'POST /api/attempts/:id/submit': async (scene) => ({ params: { id: (await attempt(scene)).id } }),
  'GET /api/analytics/courses/:id/engagement': (scene) => ({ params: course(scene) }),
  'GET /api/analytics/courses/:id/quizzes': (scene) => ({ params: course(scene) }),
  'GET /api/certificates': ({ courseId }) => ({ query: { courseId } }),
  'POST /api/certificates/generate': ({ courseId }) => ({ body: { courseId } }),
  'GET /api/certificates/:id/download': async (scene) => ({ params: { id: (await certificate(scene)).id } }),
  'GET /api/certificates/verify/:code': async (scene) => ({
    params: { code: (await certificate(scene)).code },
  }),
  'POST /api/certificates/:id/revoke': async (scene) => ({
    params: { id: (await certificate(scene)).id },
    body: { reason: 'Issued by mistake.' },
  }),
  'POST /api/ai/summarize': ({ lessonIds: [lessonId = ''] }) => ({ body: { lessonId } }),
  'POST /api/ai/quiz': ({ lessonIds: [lessonId = ''] }) => ({ body: { lessonId, count: 1 } }),
  'POST /api/ai/feedback': ({ courseId, cast }) => ({ body: { courseId, studentId: cast.student.id } }),
  ...peopleSamples,
  'POST /api/admin/jobs/:name/run': async () => ({ params: { name: 'media.clean-up' } }),
  ...webhookSamples,
  'POST /api/admin/jobs/dead/:id/retry': async (scene) => ({ params: await deadLetter(scene) }),
}
