/** What public pages are made of, in the words of the triggers that tell of changes (db/migrations/0012_catalogue_search.sql, 0029). */
export const ofCategories = ['categories'] as const
/** Which courses there are, their order and what finds them. */
export const ofListing = ['listing', 'categories'] as const
/** A list, by the courses that it shows: what it says of each is theirs. */
export function ofList(courses: readonly { id: string }[], of: readonly string[]): readonly string[] {
  return [...of, ...courses.map(({ id }) => `course:${id}`)]
}

/** The order by popularity changes far more often than what lists show. */
export const ofPopularity = [...ofListing, 'popularity'] as const

/** The page of a course, and all that hangs on it. */
export function ofCourse(courseId: string): readonly string[] {
  return [`course:${courseId}`, 'categories']
}
