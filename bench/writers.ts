import type { Client } from '../test/support/http.ts'

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
    const turn = new Promise((resolve) => setTimeout(resolve, everyMs))
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
