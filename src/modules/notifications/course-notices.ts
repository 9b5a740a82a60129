import type { Tx } from '../../platform/database/database.ts'
import type { Fact } from '../../platform/events/events.ts'
import { findRoles } from '../accounts/index.ts'
import { type CourseFactsRow, findCourseFacts } from '../catalogue/index.ts'
import { startAnnouncement } from './announce-course.ts'
import { tellPeople } from './tell-people.ts'
import { courseWords, hiddenWords } from './words.ts'

type CourseFact = Fact<{ courseId: string }>

/** Its instructors, each time; and, the first time, those who were let in before it opened. */
export async function tellPublished(tx: Tx, fact: CourseFact): Promise<void> {
  const { courseId } = fact.payload
  const course = await findCourseFacts(tx, courseId)
  if (!course) return
  const about = { factId: fact.id, kind: 'course_published' as const, data: { event: fact.type, courseId } }
  const notice = { ...about, ...courseWords('published', course.title) }
  await tellPeople(tx, fact, { notice, userIds: await findTeachers(tx, course), unmailed: fact.userId })
  if (course.published_at?.getTime() === fact.at.getTime())
    await startAnnouncement(tx, fact, {
      ...courseWords('opened', course.title),
      kind: about.kind,
      data: about.data,
      courseId,
    })
}

/** An admin has hidden a course (for a reason) or shows it again (without). */
export async function tellModerated(tx: Tx, fact: CourseFact, reason: string | null): Promise<void> {
  const { courseId } = fact.payload
  const course = await findCourseFacts(tx, courseId)
  if (!course) return
  const words = reason === null ? courseWords('shown', course.title) : hiddenWords(course.title, reason)
  const data = { event: fact.type, courseId }
  const notice = { factId: fact.id, kind: 'moderation' as const, data, ...words }
  await tellPeople(tx, fact, { notice, userIds: await findTeachers(tx, course) })
}

/** Who was an instructor once, and is none any more, has no part in the course. */
async function findTeachers(tx: Tx, course: CourseFactsRow): Promise<string[]> {
  const roles = await findRoles(tx, course.instructor_ids)
  return course.instructor_ids.filter((id) => ['instructor', 'admin'].includes(roles.get(id) ?? ''))
}
