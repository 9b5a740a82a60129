import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connectDevice, type Device } from '../test/support/device.ts'
import type { Answer, Client } from '../test/support/http.ts'

export const adminSignIn = { email: 'admin@example.org', password: 'a long password' }
const password = 'a long password'
const lessonsEach = 5

export interface SoakCourse {
  readonly id: string
  readonly lessonIds: readonly string[]
  readonly quizId: string
}

export interface SoakStudent {
  readonly email: string
  readonly password: string
  readonly client: Client
  /** Whom this one talks to. */
  readonly friendId: string
}

/** A school that was made by HTTP, so that it is as any other. */
export interface SoakSchool {
  readonly admin: Client
  readonly anyone: Client
  /** Of which every student is in the first; the others are entered and left. */
  readonly free: readonly SoakCourse[]
  readonly paidId: string
  readonly students: readonly SoakStudent[]
  /** How many webhooks another program was sent. */
  delivered(): number
  close(): Promise<void>
}

/** @param people how many students; an even number, as each has a friend */
export async function buildSoakSchool(anyone: Client, origin: string, people: number): Promise<SoakSchool> {
  const signIn = await done(anyone.post('/api/auth/login', adminSignIn))
  const admin = anyone.as(signIn.accessToken)
  const receiver = await openReceiver()
  await done(admin.post('/api/admin/webhooks', { url: receiver.url, events: ['*'] }))
  const free: SoakCourse[] = []
  for (let n = 0; n < 4; n++) free.push(await makeCourse(admin, { title: `Free ${n}` }))
  const { id: paidId } = await makeCourse(admin, {
    title: 'Paid',
    price: { amount: 49_900, currency: 'INR' },
  })
  const registered: { id: string; email: string; token: string }[] = []
  for (let n = 0; n < people; n++) {
    const email = `student${n}@example.org`
    const { user, accessToken } = await done(
      anyone.post('/api/auth/register', { email, password, name: `Student ${n}` }),
    )
    registered.push({ id: user.id, email, token: accessToken })
  }
  const devices: Device[] = []
  const students: SoakStudent[] = []
  for (const [n, { email, token }] of registered.entries()) {
    const client = anyone.as(token)
    const friendId = registered[n % 2 === 0 ? n + 1 : n - 1]?.id ?? ''
    // Crossing requests make a friendship.
    await done(client.post('/api/friends/request', { userId: friendId }))
    await done(client.post('/api/enrollments', { courseId: free[0]?.id }))
    devices.push(await connectDevice(origin, token))
    students.push({ email, password, client, friendId })
  }
  return {
    admin,
    anyone,
    free,
    paidId,
    students,
    delivered: receiver.count,
    async close() {
      for (const device of devices) device.close()
      await receiver.close()
    },
  }
}

async function makeCourse(owner: Client, wish: object): Promise<SoakCourse> {
  const { id } = await done(owner.post('/api/courses', wish))
  const section = await done(owner.post('/api/sections', { courseId: id, title: 'All of it' }))
  const lessonIds: string[] = []
  for (let n = 0; n < lessonsEach; n++) {
    const body = `# Lesson ${n}\n\n${'What is to be known of it. '.repeat(100)}`
    const lesson = { sectionId: section.id, title: `Lesson ${n}`, type: 'text', body }
    lessonIds.push((await done(owner.post('/api/lessons', lesson))).id)
  }
  const asked = await done(
    owner.post('/api/lessons', { sectionId: section.id, title: 'What do you know?', type: 'quiz' }),
  )
  const questions = Array.from({ length: 5 }, (_, n) => ({
    type: 'true_false',
    text: `Is it so, ${n}?`,
    points: 1,
    answer: n % 2 === 0,
  }))
  const quiz = { title: 'What do you know?', passPercent: 50, revealAnswers: 'after_submit', questions }
  const { id: quizId } = await done(owner.put(`/api/lessons/${asked.id}/quiz`, quiz))
  await done(owner.post(`/api/courses/${id}/publish`))
  return { id, lessonIds, quizId }
}

/** @throws for anything but a success */
async function done(asked: Promise<Answer>): Promise<Answer['body']> {
  const { status, body } = await asked
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`)
  return body
}

/** Another program that is told of events. */
async function openReceiver() {
  let received = 0
  const server = createServer((request, response) => {
    received++
    request.resume()
    response.writeHead(204).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    count: () => received,
    async close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
