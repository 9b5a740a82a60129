import type { Tx } from '../../platform/database/database.ts'
import { findCourseSlugs, insertSlug } from './course-queries.ts'
import { slugify } from './rules.ts'
import { takeSlug } from './take-slug.ts'

/** Gives a course the first free slug that its title makes, or that which is wished. The course itself may follow in the same transaction. */
export function takeCourseSlug(
  tx: Tx,
  { courseId, title, slug }: { courseId: string; title: string; slug?: string | undefined },
): Promise<string> {
  return takeSlug(slug ?? slugify(title), {
    insert: (slug) => insertSlug(tx, { slug, courseId }),
    taken: (base) => findCourseSlugs(tx, base),
  })
}
