/** What public pages are made of, in the words of the triggers that tell of changes (db/migrations/0012_catalogue_search.sql). */
export const ofCategories = ['categories'] as const
export const ofListing = ['listing', 'categories'] as const
/** What all listed courses are filtered by. */
export const ofFilters = ['filters', 'categories'] as const
/** The order by popularity changes far more often than what lists show. */
export const ofPopularity = [...ofListing, 'popularity'] as const

/** The page of a course, and all that hangs on it. */
export function ofCourse(courseId: string): readonly string[] {
  return [`course:${courseId}`, 'categories']
}
