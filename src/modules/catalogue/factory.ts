import type { Actor } from '../../platform/actor.ts'
import type { Deps } from '../../platform/deps.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { addLesson } from './add-lesson.ts'
import { addSection } from './add-section.ts'
import { createCourse } from './create-course.ts'
import { publishCourse } from './publish-course.ts'
import type { NewCourse, NewLesson } from './schemas.ts'

export interface MadeCourse {
  readonly id: string
  readonly owner: Person
  readonly sectionIds: readonly string[]
  /** Of all sections, in order. */
  readonly lessonIds: readonly string[]
}

export interface CourseWish extends Partial<NewCourse> {
  owner?: Person
  /** The lessons of each section; what is not said of one is made up. Two sections with two lessons and one, if not said. */
  sections?: readonly (readonly Partial<NewLesson>[])[]
  published?: boolean
}

export function actorFor(person: Person, deps: Deps): Actor {
  return { userId: person.id, role: person.role, sessionId: person.sessionId, at: deps.clock.now() }
}

/** For tests: a course with its instructor, sections and lessons; published unless asked otherwise. */
export async function makeCourse(deps: Deps, wish: CourseWish = {}): Promise<MadeCourse> {
  const { owner: given, sections = [[{}, {}], [{}]], published = true, title = 'Git basics', ...rest } = wish
  const owner = given ?? (await makePerson(deps, { role: 'instructor' }))
  const actor = actorFor(owner, deps)
  return deps.transact(async (tx) => {
    const id = await createCourse(tx, actor, { title, site: deps.config, ...rest })
    const sectionIds: string[] = []
    const lessonIds: string[] = []
    for (const [index, lessons] of sections.entries()) {
      const section = await addSection(tx, actor, { courseId: id, title: `Section ${index + 1}` })
      sectionIds.push(section.id)
      for (const said of lessons) {
        const title = `Lesson ${lessonIds.length + 1}`
        const lesson = { title, type: 'text', body: `What ${title} says.`, ...said } as const
        lessonIds.push(
          (await addLesson(tx, actor, { ...lesson, sectionId: section.id, site: deps.config })).id,
        )
      }
    }
    if (published) await publishCourse(tx, actor, { courseId: id, modules: [] })
    return { id, owner, sectionIds, lessonIds }
  })
}
