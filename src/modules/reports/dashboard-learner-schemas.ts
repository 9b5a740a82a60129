import { type Static, Type } from 'typebox'
import { Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { Certificate } from '../certificates/index.ts'

const TitledCourse = Type.Object({ id: Id, slug: Type.String(), title: Type.String() })

export const LearnerCourse = Type.Object({
  enrollmentId: Id,
  status: Type.Enum(['active', 'completed']),
  course: TitledCourse,
  progress: Type.Object({
    completedLessons: Type.Integer(),
    totalLessons: Type.Integer(),
    percent: Type.Integer({ description: 'Rounded down; 100 only when complete.' }),
  }),
  examMissing: Type.Boolean({ description: 'There is an exam, and it is not passed.' }),
  nextLesson: Type.Optional(
    Type.Object(
      {
        id: Id,
        title: Type.String(),
        type: Type.Enum(['video', 'text', 'file', 'quiz']),
        opensAt: Type.Optional({ ...Time, description: 'No lesson is open: this one opens first.' }),
      },
      { description: 'The first lesson that is open. Without: all are completed, or none opens by itself.' },
    ),
  ),
  activatedAt: Time,
  completedAt: Type.Optional(Time),
  lastActivityAt: Type.Optional({
    ...Time,
    description: 'When a lesson was last begun or completed, or the exam passed.',
  }),
})
export type LearnerCourse = Static<typeof LearnerCourse>

const Result = Type.Object({
  attemptId: Id,
  quizId: Id,
  title: Type.String(),
  lessonId: Type.Optional({
    ...Id,
    description: 'Of a quiz lesson; an exam has none, nor has a quiz whose lesson was removed.',
  }),
  course: TitledCourse,
  status: Type.Enum(['submitted', 'expired']),
  scorePercent: Type.Integer(),
  passed: Type.Boolean(),
  submittedAt: { ...Time, description: 'Of an expired one: its deadline.' },
})
export type Result = Static<typeof Result>

const Due = Type.Object({
  kind: Type.Enum(['attempt', 'payment'], {
    description: 'An attempt to hand in; a course to pay for.',
  }),
  attemptId: Type.Optional(Id),
  quizId: Type.Optional(Id),
  enrollmentId: Type.Optional(Id),
  title: Type.Optional({ ...Type.String(), description: 'Of the quiz.' }),
  course: TitledCourse,
  dueAt: Type.Optional({ ...Time, description: 'Without: it has no limit.' }),
})
export type Due = Static<typeof Due>

/** What a student has come to: the same for the student and for their parents. */
export const learner = {
  active: Type.Integer({ description: 'Courses under way.' }),
  completed: Type.Integer({ description: 'Courses completed.' }),
  pending: Type.Integer({ description: 'Courses that wait for their payment.' }),
  courses: Type.Array(LearnerCourse, {
    description: 'Those under way, then those completed; each by the last activity. The first 50.',
  }),
  results: Type.Array(Result, { description: 'The ten attempts that were handed in last.' }),
  due: Type.Array(Due, { description: 'What comes first, first. 20 at most.' }),
  certificates: Type.Object({
    total: Type.Integer(),
    latest: Type.Array(Certificate, { description: 'Ten at most, newest first.' }),
  }),
  lastActivityAt: Type.Optional({
    ...Time,
    description: 'When a lesson was last begun or completed, or an attempt handed in.',
  }),
}
const Learner = Type.Object(learner)
export type Learner = Static<typeof Learner>
