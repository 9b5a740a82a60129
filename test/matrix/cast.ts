import { makePerson, type Person } from '../../src/modules/accounts/factory.ts'
import { findOutline, importCourse } from '../../src/modules/catalogue/index.ts'
import { enroll } from '../../src/modules/enrollments/index.ts'
import type { Actor } from '../../src/platform/actor.ts'
import { newId } from '../../src/platform/ids.ts'
import type { World } from '../support/world.ts'

export const personas = [
  'nobody',
  'student',
  'otherStudent',
  'parent',
  'otherParent',
  'instructor',
  'otherInstructor',
  'admin',
] as const
export type Persona = (typeof personas)[number]
export type Cast = Readonly<Record<Exclude<Persona, 'nobody'>, Person>>

/** Fresh people: the student is enrolled in the instructor's course and the parent's child, the others stand outside. */
export async function makeCast({ deps, client }: World): Promise<Cast> {
  const [student, otherStudent, parent, otherParent, instructor, otherInstructor, admin] = await Promise.all([
    makePerson(deps),
    makePerson(deps),
    makePerson(deps, { role: 'parent' }),
    makePerson(deps, { role: 'parent' }),
    makePerson(deps, { role: 'instructor' }),
    makePerson(deps, { role: 'instructor' }),
    makePerson(deps, { role: 'admin' }),
  ])
  const link = { childId: student.id }
  await client.as(admin.accessToken).post(`/api/users/${parent.id}/children`, link)
  return { student, otherStudent, parent, otherParent, instructor, otherInstructor, admin }
}

/** Something of everything that a route can be about, fresh for each cell since the routes change and delete it. */
export interface Scene {
  readonly world: World
  readonly cast: Cast
  readonly courseId: string
  readonly sectionId: string
  readonly lessonIds: readonly string[]
  readonly enrollmentId: string
}

export async function makeScene(world: World, cast: Cast): Promise<Scene> {
  const { config, transact, clock, db } = world.deps
  const actorFor = (person: Person): Actor => ({
    userId: person.id,
    role: person.role,
    sessionId: null,
    at: clock.now(),
  })
  const title = `Course ${newId()}`
  const lesson = (title: string) => ({ title, type: 'text' as const, body: 'Read what this lesson says.' })
  const content = {
    title,
    status: 'published' as const,
    description: null,
    sections: [{ title: 'First', description: null, lessons: [lesson('One'), lesson('Two')] }],
  }
  const { courseId, enrollmentId } = await transact(async (tx) => {
    const course = await importCourse(tx, actorFor(cast.instructor), content, { site: config })
    const { enrollment } = await enroll(tx, actorFor(cast.student), course.id)
    return { courseId: course.id, enrollmentId: enrollment.id }
  })
  const [section] = (await findOutline(db, { courseId }))?.sections ?? []
  if (!section) throw new Error('the scene has no section')
  return {
    world,
    cast,
    courseId,
    enrollmentId,
    sectionId: section.id,
    lessonIds: section.lessons.map(({ id }) => id),
  }
}

/** A request that succeeds for whoever may make it. */
export interface Sample {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}
