import type { Cause } from '../../platform/actor.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import type { CourseOutline, OutlineLessonRow, OutlineSectionRow } from '../catalogue/index.ts'
import type { EnrollmentRow } from '../enrollments/index.ts'
import type { Done, ProgressRow, ShownProgress } from './queries.ts'
import {
  isComplete,
  type Lock,
  nextOf,
  type Standing,
  type Summary,
  standingOpen,
  standingsOf,
  summaryFrom,
  type Terms,
} from './rules.ts'

export interface StudyLesson<Row = ProgressRow> extends Standing {
  readonly sectionId: string
  readonly lesson: OutlineLessonRow
  readonly progress: Row | undefined
}

export interface StudyExam {
  readonly quizId: string
  readonly passedAt: Date | null
  /** In a sequential course the exam is the last step. */
  readonly lock: Lock | null
}

/** A course as one student has it: its lessons in order, what was done of each, and where that leaves them. */
export interface Study<Row = ProgressRow> {
  readonly courseId: string
  readonly sections: readonly OutlineSectionRow[]
  readonly lessons: readonly StudyLesson<Row>[]
  readonly exam: StudyExam | null
}

/** As far as it is shown. */
export type ShownStudy = Study<ShownProgress>

/** One lesson, and where what was done of it leaves the course. */
export interface StudyStep {
  readonly courseId: string
  readonly lesson: Standing & {
    readonly lesson: Pick<OutlineLessonRow, 'id' | 'type'>
    readonly progress: Pick<ProgressRow, 'completed_at' | 'position_seconds'> | undefined
  }
  readonly summary: Summary
  readonly nextLessonId: string | null
  readonly exam: StudyExam | null
}

type Course = Pick<CourseOutline, 'id' | 'sections' | 'sequential'>

export type StudyTerms = Pick<Terms, 'activatedAt' | 'at'>

export function studyOf<Row extends ShownProgress>(
  course: Course,
  done: Done<Row>,
  terms: StudyTerms,
): Study<Row> {
  const progress = new Map<string, Row>()
  for (const row of done.lessons) progress.set(row.lesson_id, row)
  const completed = { has: (lessonId: string) => (progress.get(lessonId)?.completed_at ?? null) !== null }
  const steps = stepsOf(course)
  const { standings, end } = standingsOf(steps, { ...terms, sequential: course.sequential, completed })
  const { exam } = done
  return {
    courseId: course.id,
    sections: course.sections,
    lessons: lessonsOf(course, standings, progress),
    exam: exam && { ...exam, lock: exam.passedAt ? null : end },
  }
}

function stepsOf({ sections }: Course): OutlineLessonRow[] {
  const steps: OutlineLessonRow[] = []
  for (const { lessons } of sections) for (const lesson of lessons) steps.push(lesson)
  return steps
}

/** The same for one who is no student of it: nothing done, nothing locked. */
export function unlockedStudyOf(course: Course, examId: string | null): Study<never> {
  return {
    courseId: course.id,
    sections: course.sections,
    lessons: lessonsOf(course, [], new Map<string, never>()),
    exam: examId === null ? null : { quizId: examId, passedAt: null, lock: null },
  }
}

/** @param standings of its lessons in their order; without one a lesson is open */
function lessonsOf<Row>(
  { sections }: Course,
  standings: readonly Standing[],
  progress: ReadonlyMap<string, Row>,
): StudyLesson<Row>[] {
  const all: StudyLesson<Row>[] = []
  for (const { id: sectionId, lessons } of sections)
    for (const lesson of lessons) {
      const { state, lock } = standings[all.length] ?? standingOpen
      all.push({ state, lock, progress: progress.get(lesson.id), sectionId, lesson })
    }
  return all
}

/** @throws Refusal 404 where the course has no such lesson */
export function lessonIn<Row>(study: Study<Row>, lessonId: string): StudyLesson<Row> {
  const found = study.lessons.find(({ lesson }) => lesson.id === lessonId)
  if (!found) throw refuse(notFound)
  return found
}

export function summaryOf(study: ShownStudy): Summary {
  return summaryFrom(countedOf(study))
}

export function stepOf(study: Study, lesson: StudyLesson): StudyStep {
  const { courseId, exam } = study
  const nextLessonId = nextOf(study.lessons)?.lesson.id ?? null
  return { courseId, lesson, summary: summaryOf(study), nextLessonId, exam }
}

export function isDone(study: Study): boolean {
  return isComplete(countedOf(study))
}

function countedOf({ lessons, exam }: ShownStudy) {
  return {
    completedLessons: lessons.filter(({ state }) => state === 'completed').length,
    totalLessons: lessons.length,
    examMissing: exam !== null && exam.passedAt === null,
  }
}

/** Where its student was last. A row that a reset left behind says nothing of that. */
export function lastOf(lessons: readonly StudyLesson[]): StudyLesson | undefined {
  let last: StudyLesson | undefined
  for (const lesson of lessons) {
    const { progress } = lesson
    if (!progress || (progress.completed_at === null && progress.position_seconds === null)) continue
    if (!last?.progress || progress.updated_at >= last.progress.updated_at) last = lesson
  }
  return last
}

/** What a student's study is looked at by: when they began, and now. */
export function termsOf(
  enrollment: Pick<EnrollmentRow, 'activated_at' | 'created_at'>,
  { at }: Cause,
): StudyTerms {
  return { activatedAt: enrollment.activated_at ?? enrollment.created_at, at }
}
