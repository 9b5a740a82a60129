import type { RefusalKind } from '../../platform/http/refusal.ts'

export const categoryInUse: RefusalKind = {
  status: 409,
  code: 'category_in_use',
  title: 'Courses or other categories are in this category. Move them first.',
}
export const categoryCycle: RefusalKind = {
  status: 409,
  code: 'category_cycle',
  title: 'A category cannot be inside itself.',
}
export const slugTaken: RefusalKind = {
  status: 409,
  code: 'slug_taken',
  title: 'Another category has this slug.',
}
export const courseIncomplete: RefusalKind = {
  status: 409,
  code: 'course_incomplete',
  title: 'The course cannot be published yet.',
}
export const courseClosed: RefusalKind = {
  status: 409,
  code: 'course_closed',
  title: 'This course is archived: it takes nobody in any more.',
}
export const courseFull: RefusalKind = {
  status: 409,
  code: 'course_full',
  title: 'A course has at most 200 sections and 2,000 lessons.',
}
export const outlineStale: RefusalKind = {
  status: 409,
  code: 'outline_stale',
  title:
    'The order does not name every section and lesson of the course exactly once. Read the course again.',
}
