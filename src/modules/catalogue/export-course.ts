import type { Db } from '../../platform/database/database.ts'
import { findCategoryPath } from './category-queries.ts'
import type { FolderCourse } from './course-folder.ts'
import { findCoursePage } from './course-queries.ts'
import { findLessonBodies } from './lesson-queries.ts'

/** The whole content of a course, as `importCourse` takes it; null where there is no such course. */
export async function exportCourse(db: Db, idOrSlug: string): Promise<FolderCourse | null> {
  const page = await findCoursePage(db, idOrSlug)
  if (!page) return null
  const path = page.category ? await findCategoryPath(db, page.category.id) : []
  const bodies = new Map((await findLessonBodies(db, page.id)).map(({ id, body }) => [id, body]))
  const { title, subtitle, level, language, tags, description, sequential, price_amount, price_currency } =
    page
  return {
    title,
    ...(subtitle ? { subtitle } : {}),
    ...(path.length > 0 ? { category: path.length === 1 ? (path[0] ?? '') : path } : {}),
    ...(level ? { level } : {}),
    ...(language ? { language } : {}),
    tags: [...tags],
    price:
      price_amount !== null && price_currency !== null
        ? { amount: price_amount, currency: price_currency }
        : null,
    sequential,
    status: page.status === 'published' ? 'published' : 'draft',
    description,
    sections: page.sections.map((section) => ({
      title: section.title,
      description: section.description,
      lessons: section.lessons.map((lesson) => ({
        title: lesson.title,
        type: lesson.type,
        preview: lesson.preview,
        ...(lesson.duration_seconds === null ? {} : { durationSeconds: lesson.duration_seconds }),
        ...(lesson.available_after_days === null ? {} : { availableAfterDays: lesson.available_after_days }),
        body: bodies.get(lesson.id) ?? null,
      })),
    })),
  }
}
