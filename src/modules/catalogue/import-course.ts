import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { refuse } from '../../platform/http/refusal.ts'
import { addLesson } from './add-lesson.ts'
import { addSection } from './add-section.ts'
import { findChildCategory } from './category-queries.ts'
import type { FolderCourse } from './course-folder.ts'
import { findCourseFacts } from './course-queries.ts'
import { createCategory } from './create-category.ts'
import { createCourse } from './create-course.ts'
import { slugTaken } from './errors.ts'
import { publishCourse } from './publish-course.ts'
import { slugify } from './rules.ts'

/** Makes a course of a folder, through the same steps a person would go; a course of that name must not be there yet. */
export async function importCourse(
  tx: Tx,
  actor: Actor,
  course: FolderCourse,
): Promise<{ id: string; slug: string }> {
  const { sections, category, status, ...fields } = course
  const categoryId = await takeCategory(tx, actor, category)
  const id = await createCourse(tx, actor, { ...fields, ...(categoryId === null ? {} : { categoryId }) })
  const slug = slugify(course.title)
  const made = await findCourseFacts(tx, id)
  if (made?.slug !== slug)
    throw refuse(slugTaken, `There is a course "${slug}" already. Rename one of the two.`)
  for (const { title, description, lessons } of sections) {
    const section = await addSection(tx, actor, { courseId: id, title, description })
    for (const lesson of lessons)
      await addLesson(tx, actor, { ...lesson, type: lesson.type ?? 'text', sectionId: section.id })
  }
  if (status === 'published') await publishCourse(tx, actor, id)
  return { id, slug }
}

/** Walks down the tree by name, making what is not there. */
async function takeCategory(tx: Tx, actor: Actor, path: FolderCourse['category']): Promise<string | null> {
  let parentId: string | null = null
  for (const name of [path ?? []].flat()) {
    const known: { id: string } | undefined = await findChildCategory(tx, parentId, name)
    parentId = (known ?? (await createCategory(tx, actor, { name, parentId }))).id
  }
  return parentId
}
