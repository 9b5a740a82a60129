import { Type } from 'typebox'
import { type AuditRule, defineEvent, defineUnheardEvent } from '../../platform/events/events.ts'
import { Id } from '../../platform/ids.ts'
import { MoneySchema } from '../../platform/money.ts'

const category = Type.Object({ categoryId: Id })
const course = Type.Object({ courseId: Id })
const section = Type.Object({ courseId: Id, sectionId: Id })
const lesson = Type.Object({ courseId: Id, lessonId: Id })
/** What owners do is theirs; what an admin does of it is for the audit log. */
const byAdmin = { when: 'by_admin' } as const
const ofCourse: AuditRule<'courseId'> = { ...byAdmin, subject: 'course', ids: ['courseId'] }
const ofSection: AuditRule<'sectionId'> = { ...byAdmin, subject: 'section', ids: ['sectionId'] }
const ofLesson: AuditRule<'lessonId'> = { ...byAdmin, subject: 'lesson', ids: ['lessonId'] }
const ofMaterial: AuditRule<'materialId'> = { ...byAdmin, subject: 'material', ids: ['materialId'] }
const ofCategory: AuditRule<'categoryId'> = { when: 'always', subject: 'category', ids: ['categoryId'] }
const Price = Type.Union([MoneySchema, Type.Null()])
const always: AuditRule<'courseId'> = { ...ofCourse, when: 'always' }

export const categoryCreated = defineUnheardEvent('category.created', category, ofCategory)
export const categoryChanged = defineUnheardEvent('category.changed', category, ofCategory)
export const categoryDeleted = defineUnheardEvent('category.deleted', category, ofCategory)

export const courseCreated = defineEvent('course.created', course, ofCourse)
export const courseChanged = defineEvent('course.changed', course, ofCourse)
/** What it costs from now on; null: nothing. Checkouts under way keep their price. */
export const coursePriced = defineUnheardEvent(
  'course.priced',
  Type.Object({ courseId: Id, from: Price, to: Price }),
  always,
)
export const courseReordered = defineUnheardEvent('course.reordered', course, ofCourse)
export const coursePublished = defineEvent('course.published', course, ofCourse)
export const courseUnpublished = defineEvent('course.unpublished', course, ofCourse)
export const courseRestored = defineEvent('course.restored', course, ofCourse)
export const courseArchived = defineEvent('course.archived', course, ofCourse)
export const courseDeleted = defineEvent('course.deleted', course, ofCourse)
/** `findCopiedLessons` tells which lesson of the copy is which of the original. */
export const courseDuplicated = defineEvent(
  'course.duplicated',
  Type.Object({ courseId: Id, copyId: Id }),
  ofCourse,
)
export const courseHidden = defineEvent(
  'course.hidden',
  Type.Object({ courseId: Id, reason: Type.String() }),
  always,
)
export const courseShown = defineEvent('course.shown', course, always)
const Parts = Type.Array(Type.Object({ userId: Id, role: Type.Enum(['lead', 'assistant']) }))
/** `changed` are all whose part is another than before: the added, the removed, and who leads now and did not, or no more. */
export const courseAssigned = defineEvent(
  'course.assigned',
  Type.Object({
    courseId: Id,
    from: Parts,
    to: Parts,
    added: Type.Array(Id),
    removed: Type.Array(Id),
    changed: Type.Array(Id),
  }),
  { when: 'always', subject: 'course', ids: ['courseId', 'changed'] },
)

export const sectionAdded = defineUnheardEvent('section.added', section, ofSection)
export const sectionChanged = defineUnheardEvent('section.changed', section, ofSection)
export const sectionRemoved = defineUnheardEvent('section.removed', section, ofSection)

const material = Type.Object({ courseId: Id, lessonId: Id, materialId: Id })
export const materialAdded = defineUnheardEvent('material.added', material, ofMaterial)
export const materialRemoved = defineUnheardEvent('material.removed', material, ofMaterial)

export const lessonAdded = defineEvent('lesson.added', lesson, ofLesson)
export const lessonChanged = defineEvent('lesson.changed', lesson, ofLesson)
export const lessonRemoved = defineEvent('lesson.removed', lesson, ofLesson)
