import { Type } from 'typebox'
import { defineEvent } from '../../platform/events/events.ts'
import { Id } from '../../platform/ids.ts'

const category = Type.Object({ categoryId: Id })
const course = Type.Object({ courseId: Id })
const section = Type.Object({ courseId: Id, sectionId: Id })
const lesson = Type.Object({ courseId: Id, lessonId: Id })

export const categoryCreated = defineEvent('category.created', category)
export const categoryChanged = defineEvent('category.changed', category)
export const categoryDeleted = defineEvent('category.deleted', category)

export const courseCreated = defineEvent('course.created', course)
export const courseChanged = defineEvent('course.changed', course)
export const courseReordered = defineEvent('course.reordered', course)
export const coursePublished = defineEvent('course.published', course)
export const courseUnpublished = defineEvent('course.unpublished', course)
export const courseRestored = defineEvent('course.restored', course)
export const courseArchived = defineEvent('course.archived', course)
export const courseDeleted = defineEvent('course.deleted', course)
/** `findCopiedLessons` tells which lesson of the copy is which of the original. */
export const courseDuplicated = defineEvent('course.duplicated', Type.Object({ courseId: Id, copyId: Id }))
export const courseHidden = defineEvent('course.hidden', Type.Object({ courseId: Id, reason: Type.String() }))
export const courseShown = defineEvent('course.shown', course)
export const courseAssigned = defineEvent(
  'course.assigned',
  Type.Object({ courseId: Id, added: Type.Array(Id), removed: Type.Array(Id) }),
)

export const sectionAdded = defineEvent('section.added', section)
export const sectionChanged = defineEvent('section.changed', section)
export const sectionRemoved = defineEvent('section.removed', section)

const material = Type.Object({ courseId: Id, lessonId: Id, materialId: Id })
export const materialAdded = defineEvent('material.added', material)
export const materialRemoved = defineEvent('material.removed', material)

export const lessonAdded = defineEvent('lesson.added', lesson)
export const lessonChanged = defineEvent('lesson.changed', lesson)
export const lessonRemoved = defineEvent('lesson.removed', lesson)
