import type { CourseOutline, OutlineLessonRow, OutlineSectionRow } from '../catalogue/index.ts'
import type { ProgressRow } from './queries.ts'
import { type Standing, standingsOf } from './rules.ts'

/** A course as one student has it: its lessons in order, what was done of each, and where that leaves them. */
export interface Study {
  readonly courseId: string
  readonly sections: readonly OutlineSectionRow[]
  readonly lessons: readonly OutlineLessonRow[]
  readonly standings: readonly Standing[]
  readonly progress: ReadonlyMap<string, ProgressRow>
  readonly titles: ReadonlyMap<string, string>
}

/** @param options.unlocked nothing is locked, whatever the order: for owners */
export function studyOf(
  course: Pick<CourseOutline, 'id' | 'sections' | 'sequential'>,
  rows: readonly ProgressRow[],
  options: { unlocked?: boolean } = {},
): Study {
  const lessons = course.sections.flatMap((section) => section.lessons)
  const ids = lessons.map(({ id }) => id)
  const completed = new Set(rows.filter((row) => row.completed_at !== null).map((row) => row.lesson_id))
  return {
    courseId: course.id,
    sections: course.sections,
    lessons,
    standings: standingsOf(ids, completed, course.sequential && !options.unlocked),
    progress: new Map(rows.map((row) => [row.lesson_id, row])),
    titles: new Map(lessons.map(({ id, title }) => [id, title])),
  }
}

export function standingIn(study: Study, lessonId: string): Standing | undefined {
  return study.standings.find((standing) => standing.lessonId === lessonId)
}
