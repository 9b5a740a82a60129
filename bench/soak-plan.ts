import { setTimeout as wait } from 'node:timers/promises'
import { newId } from '../src/platform/ids.ts'
import type { Random } from '../test/proof/random.ts'
import type { Answer } from '../test/support/http.ts'
import { upload } from '../test/support/media.ts'
import type { SoakSchool, SoakStudent } from './soak-school.ts'

/** Takes the answer if it is a success; counts it, and throws, if it is not. */
export type Take = (asked: Promise<Answer>) => Promise<Answer['body']>

interface Scene {
  readonly school: SoakSchool
  readonly student: SoakStudent
  readonly random: Random
  readonly take: Take
}

/** What somebody does in a school, in a few requests; afterwards they can do it again. */
export interface Errand {
  readonly name: string
  /** How often, beside the others. */
  readonly weight: number
  run(scene: Scene): Promise<void>
}

const patienceMs = 120_000
const sorts = ['newest', 'popular', 'rating', 'price']

export const errands: readonly Errand[] = [
  {
    name: 'browse',
    weight: 30,
    async run({ school: { anyone, free }, random, take }) {
      await take(anyone.get(`/api/courses?sort=${random.pick(sorts)}&limit=${random.between(1, 20)}`))
      await take(anyone.get(`/api/courses?q=${random.pick(['free', 'paid', 'lesson', 'fre'])}`))
      await take(anyone.get(`/api/courses/${random.pick(free)?.id}`))
    },
  },
  {
    name: 'sign in',
    weight: 2,
    async run({ school: { anyone }, student: { email, password }, take }) {
      const { accessToken } = await take(anyone.post('/api/auth/login', { email, password }))
      await take(anyone.as(accessToken).get('/api/users/me'))
      await take(anyone.as(accessToken).post('/api/auth/logout'))
    },
  },
  {
    name: 'enroll',
    weight: 8,
    async run({ school, student: { client }, random, take }) {
      const courseId = random.pick(school.free.slice(1))?.id
      const { id } = await take(client.post('/api/enrollments', { courseId }))
      await take(client.get('/api/enrollments/my'))
      await take(client.get('/api/dashboard/student'))
      await take(client.post(`/api/enrollments/${id}/cancel`))
    },
  },
  {
    name: 'learn',
    weight: 25,
    async run({ school: { free }, student: { client }, random, take }) {
      const course = free[0]
      const lessonId = random.pick(course?.lessonIds ?? [])
      await take(client.get(`/api/courses/${course?.id}/outline`))
      await take(client.get(`/api/courses/${course?.id}/lessons/${lessonId}`))
      await take(client.post('/api/progress/lesson', { lessonId, positionSeconds: random.between(0, 600) }))
      await take(client.post('/api/progress/lesson', { lessonId, completed: true }))
      if (random.happens(0.1)) await take(client.post(`/api/progress/course/${course?.id}/reset`))
    },
  },
  {
    name: 'attempt',
    weight: 10,
    async run({ school: { free }, student: { client }, random, take }) {
      const begun = await take(client.post(`/api/quizzes/${free[0]?.quizId}/attempts`))
      const answers = (begun.questions as { id: string }[]).map(({ id }) => ({
        questionId: id,
        value: random.happens(0.5),
      }))
      await take(client.put(`/api/attempts/${begun.id}/answers`, { answers }))
      await take(client.post(`/api/attempts/${begun.id}/submit`))
      await take(client.get(`/api/attempts/${begun.id}`))
    },
  },
  {
    name: 'chat',
    weight: 20,
    async run({ student: { client, friendId }, take }) {
      const message = { text: 'Have you done the third lesson?', clientId: newId() }
      await take(client.post(`/api/chat/messages/${friendId}`, message))
      await take(client.get(`/api/chat/history/${friendId}`))
      await take(client.post(`/api/chat/read/${friendId}`))
    },
  },
  {
    name: 'upload',
    weight: 3,
    async run({ student: { client }, random, take }) {
      const notes = Buffer.alloc(random.between(1_000, 2_000_000), 'Notes of the third lesson. ')
      const { id } = await take(upload(client, notes, { name: 'notes.txt' }))
      await take(client.get(`/api/media/${id}`))
      await take(client.delete(`/api/media/${id}`))
    },
  },
  {
    name: 'purchase by webhook, and refund',
    weight: 2,
    async run({ school: { admin, paidId: courseId }, student: { client }, take }) {
      await take(client.post('/api/enrollments', { courseId }))
      const { payment } = await take(client.post('/api/payments/create', { courseId, gateway: 'simulator' }))
      await take(client.post(`/api/payments/simulator/${payment.id}`, { outcome: 'paid' }))
      const until = async (enrolled: boolean) => {
        const late = AbortSignal.timeout(patienceMs)
        const status = () => take(client.get(`/api/courses/${courseId}/enrollment-status`))
        while ((await status()).enrolled !== enrolled) await wait(50, null, { signal: late })
      }
      await until(true)
      await take(admin.post(`/api/payments/${payment.id}/refund`, {}))
      await until(false)
    },
  },
]

const byWeight = errands.flatMap((errand) => Array.from({ length: errand.weight }, () => errand))

/** One of them, as often as its weight says. */
export function pickErrand(random: Random): Errand {
  const picked = random.pick(byWeight)
  if (!picked) throw new Error('there are no errands')
  return picked
}
