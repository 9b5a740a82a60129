import { notFound, refuse } from '../../platform/http/refusal.ts'
import type { CourseOutline, OutlineLessonRow, OutlineSectionRow } from '../catalogue/index.ts'
import type { ProgressRow } from './queries.ts'
import { gateOf, type Standing, standingOf } from './rules.ts'

export interface StudyLesson extends Standing {
  readonly sectionId: string
  readonly lesson: OutlineLessonRow
  readonly progress: ProgressRow | undefined
}

/** A course as one student has it: its lessons in order, what was done of each, and where that leaves them. */
export interface Study {
  readonly courseId: string
  readonly sections: readonly OutlineSectionRow[]
  readonly lessons: readonly StudyLesson[]
}

/** @param options.unlocked nothing is locked, whatever the order: for owners */
export function studyOf(
  course: Pick<CourseOutline, 'id' | 'sections' | 'sequential'>,
  rows: readonly ProgressRow[],
  options: { unlocked?: boolean } = {},
): Study {
  const ids = course.sections.flatMap(({ lessons }) => lessons.map(({ id }) => id))
  const progress = new Map(rows.map((row) => [row.lesson_id, row]))
  const completed = new Set(rows.filter((row) => row.completed_at !== null).map((row) => row.lesson_id))
  const gate = gateOf(ids, completed, course.sequential && !options.unlocked)
  const lessons = course.sections.flatMap(({ id: sectionId, lessons }) =>
    lessons.map((lesson) => ({
      ...standingOf(lesson.id, completed, gate),
      sectionId,
      lesson,
      progress: progress.get(lesson.id),
    })),
  )
  return { courseId: course.id, sections: course.sections, lessons }
}

/** @throws Refusal 404 where the course has no such lesson */
export function lessonIn(study: Study, lessonId: string): StudyLesson {
  const found = study.lessons.find(({ lesson }) => lesson.id === lessonId)
  if (!found) throw refuse(notFound)
  return found
}
