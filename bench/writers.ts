import { setTimeout as wait } from 'node:timers/promises'
import type { Client } from '../test/support/http.ts'
import type { Catalogue } from './catalogue.ts'
import { bearerOf } from './stand.ts'

/**
 * Writes what moves courses in lists for as long as it is not stopped: in turns, a student enrolls in a free course and reviews it.
 * @param everyMs from the begin of one write to that of the next; one that takes longer is waited for
 * @returns stops, and says how many writes there were
 * @throws as it is stopped, where an answer was not 200 or 201
 */
export async function startWriters(client: Client, everyMs: number): Promise<() => Promise<number>> {
  const { body } = await client.get('/api/courses?free=true&limit=100&sort=newest')
  const courses = (body.items as { id: string }[]).map(({ id }) => id)
  const stopping = new AbortController()
  let students = 0
  let writes = 0

  async function write(work: () => Promise<{ status: number }>): Promise<void> {
    const turn = wait(everyMs)
    const { status } = await work()
    if (status !== 200 && status !== 201) throw new Error(`a write was answered ${status}`)
    writes++
    await turn
  }

  async function go(): Promise<void> {
    // One student after another, as each can enroll in a course once.
    while (!stopping.signal.aborted) {
      const person = {
        email: `student${students++}@example.org`,
        password: 'a long password',
        name: 'Student',
      }
      const { body: session } = await client.post('/api/auth/register', person)
      const student = client.as(session.accessToken)
      for (const courseId of courses) {
        if (stopping.signal.aborted) return
        await write(() => student.post('/api/enrollments', { courseId }))
        await write(() => student.put(`/api/courses/${courseId}/reviews/mine`, { stars: 1 + (writes % 5) }))
      }
    }
  }

  const going = go()
  // It is told when it is stopped.
  going.catch(() => undefined)
  return async () => {
    stopping.abort()
    await going
    return writes
  }
}

/**
 * Gives one course after another the title of the next, as its teacher, for as long as it is not stopped.
 * @param everyMs from the begin of one change to that of the next; one that takes longer is waited for
 * @returns stops, and says how many changes there were
 * @throws as it is stopped, where an answer was not 200
 */
export function startRenaming(
  courses: Catalogue['courses'],
  { client, everyMs }: { client: Client; everyMs: number },
): () => Promise<number> {
  const stopping = new AbortController()
  async function go(): Promise<number> {
    for (let changes = 0; ; changes++) {
      const [course, next] = courses.slice(changes)
      if (stopping.signal.aborted || !course || !next) return changes
      const turn = wait(everyMs)
      const teacher = client.as(bearerOf(course.teacher, 'instructor'))
      const { status } = await teacher.patch(`/api/courses/${course.id}`, { title: next.title })
      if (status !== 200) throw new Error(`a change of a title was answered ${status}`)
      await turn
    }
  }
  const going = go()
  // It is told when it is stopped.
  going.catch(() => undefined)
  return () => {
    stopping.abort()
    return going
  }
}
