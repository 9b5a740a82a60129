import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { hashPassword, hasUsers, registerUser } from '../modules/accounts/index.ts'
import { findOutline } from '../modules/catalogue/index.ts'
import { enroll } from '../modules/enrollments/index.ts'
import { linkChild } from '../modules/guardians/index.ts'
import { completeLesson, readOutline } from '../modules/learning/index.ts'
import type { Actor, Role } from '../platform/actor.ts'
import type { Tx } from '../platform/database/database.ts'
import type { Deps } from '../platform/deps.ts'
import { bringCourse, importBrought } from './bring-course.ts'

interface School {
  readonly password: string
  readonly people: readonly { name: string; email: string; role: Role }[]
  readonly courses: readonly { folder: string; instructor: string }[]
  readonly children: readonly { parent: string; child: string }[]
  readonly enrollments: readonly { student: string; course: string; completedLessons: number }[]
}

const folder = join(import.meta.dirname, '../../demo')
const demoLock = 7_205_002

/**
 * Loads the demo school into an empty database, through the use cases its people would go through, in one transaction: a start that
 * is killed leaves nothing but files in the store, which go by themselves, and of many nodes one loads it.
 * @returns how much was loaded; null where somebody is registered already
 */
export async function loadDemo(
  deps: Deps,
  progress: (text: string) => void,
): Promise<{ people: number; courses: number; lessons: number } | null> {
  const { config, clock, db, transact } = deps
  // Every start but the first ends here, before anything is read or hashed; under the lock it is asked again.
  if (await hasUsers(db)) return null
  const school = (await readJson('school.json')) as School
  const courses = await Promise.all(
    school.courses.map(async (course) => ({
      ...course,
      brought: await bringCourse(deps, join(folder, 'courses', course.folder), () => undefined),
    })),
  )
  const passwordHash = await hashPassword(school.password, config.passwordCost)
  return transact(async (tx) => {
    await sql`select pg_advisory_xact_lock(${demoLock}::bigint)`.execute(tx)
    if (await hasUsers(tx)) return null
    progress('Loading the demo school …')
    const at = clock.now()
    const actors = new Map<string, Actor>()
    for (const person of school.people) {
      const user = await registerUser(
        tx,
        { userId: null, at },
        { ...person, passwordHash, emailVerified: true, demo: true },
      )
      actors.set(person.email, { userId: user.id, role: user.role, sessionId: null, at })
    }
    for (const { parent, child } of school.children) {
      const actor = known(actors, parent)
      await linkChild(tx, actor, { parentId: actor.userId, childId: known(actors, child).userId })
    }
    const ids = new Map<string, string>()
    for (const { folder, instructor, brought } of courses) {
      progress(`Loading the demo school: ${brought.course.title} …`)
      ids.set(folder, (await importBrought(tx, deps, known(actors, instructor), brought)).id)
    }
    for (const { student, course, completedLessons } of school.enrollments) {
      await study(tx, known(actors, student), known(ids, course), completedLessons)
    }
    const lessons = courses
      .flatMap(({ brought }) => brought.course.sections)
      .reduce((sum, section) => sum + section.lessons.length, 0)
    return { people: school.people.length, courses: courses.length, lessons }
  })
}

async function readJson(name: string): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, name), 'utf8'))
}

async function study(tx: Tx, student: Actor, courseId: string, completedLessons: number): Promise<void> {
  await enroll(tx, student, courseId)
  const outline = await findOutline(tx, { courseId })
  const { lessons } = await readOutline(tx, student, outline)
  for (const { lesson } of lessons.slice(0, completedLessons)) {
    await completeLesson(tx, student, { lessonId: lesson.id, positionSeconds: null, outline })
  }
}

function known<Value>(map: ReadonlyMap<string, Value>, key: string): Value {
  const value = map.get(key)
  if (value === undefined) throw new Error(`demo/school.json speaks of ${key}, who or which is not in it.`)
  return value
}
