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
  title: 'This slug is taken.',
}
export const courseIncomplete: RefusalKind = {
  status: 409,
  code: 'course_incomplete',
  title: 'The course cannot be published yet.',
}
export const courseClosed: RefusalKind = {
  status: 409,
  code: 'course_closed',
  title: 'This course is archived: it takes nobody in any more. Unpublishing brings it back as a draft.',
}
export const courseHidden: RefusalKind = {
  status: 409,
  code: 'course_hidden',
  title: 'An admin has hidden this course: it takes nobody in until it is shown again.',
}
export const courseFull: RefusalKind = {
  status: 409,
  code: 'course_full',
  title: 'A course has at most 200 sections and 2,000 lessons.',
}
export const materialsFull: RefusalKind = {
  status: 409,
  code: 'materials_full',
  title: 'A lesson has at most 50 materials.',
}
export const lessonHasQuiz: RefusalKind = {
  status: 409,
  code: 'lesson_has_quiz',
  title: 'The lesson has a quiz. Take it away first: only a lesson of the type quiz has one.',
}
export const outlineStale: RefusalKind = {
  status: 409,
  code: 'outline_stale',
  title:
    'The order does not name every section and lesson of the course exactly once. Read the course again.',
}
