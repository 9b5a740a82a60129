import { type Static, Type } from 'typebox'
import { Closed, Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { CoursePage as BareCoursePage, Lesson, OutlineLesson, OutlineSection } from '../catalogue/index.ts'
import { Enrollment } from '../enrollments/index.ts'

export const LessonState = Type.Enum(['locked', 'open', 'completed'])

export const Summary = Type.Object({
  completedLessons: Type.Integer(),
  totalLessons: Type.Integer(),
  percent: Type.Integer({
    minimum: 0,
    maximum: 100,
    description: 'Rounded down: 100 only when all is done.',
  }),
})

export const LessonProgress = Type.Object({
  lessonId: Id,
  state: LessonState,
  completedAt: Type.Optional(Time),
  positionSeconds: Type.Optional(Type.Integer()),
  lockedBy: Type.Optional({ ...Id, description: 'The lesson to complete first.' }),
})
export type LessonProgress = Static<typeof LessonProgress>

export const Progress = Type.Object({
  course: Type.Object({ courseId: Id, ...Summary.properties }),
  lessons: Type.Array(LessonProgress),
  nextLessonId: Type.Optional({ ...Id, description: 'The first lesson that is open.' }),
})
export type Progress = Static<typeof Progress>

export const DoneOfLesson = Closed({
  lessonId: Id,
  completed: Type.Optional(
    Type.Literal(true, { description: 'What is completed stays so. Meant where no position is given.' }),
  ),
  positionSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
})

export const RecordedProgress = Type.Object({
  lesson: LessonProgress,
  course: Progress.properties.course,
  nextLessonId: Progress.properties.nextLessonId,
})
export type RecordedProgress = Static<typeof RecordedProgress>

const own = {
  state: LessonState,
  completedAt: LessonProgress.properties.completedAt,
  positionSeconds: LessonProgress.properties.positionSeconds,
}

export const StudyOutline = Type.Object({
  sections: Type.Array(
    Type.Object({
      ...OutlineSection.properties,
      lessons: Type.Array(
        Type.Object({ ...OutlineLesson.properties, ...own, lockedBy: LessonProgress.properties.lockedBy }),
      ),
    }),
  ),
  course: Progress.properties.course,
  nextLessonId: Progress.properties.nextLessonId,
})
export type StudyOutline = Static<typeof StudyOutline>

export const LessonPage = Type.Object({
  ...Lesson.properties,
  ...own,
  state: Type.Optional(LessonState),
  previousLessonId: Type.Optional(Id),
  nextLessonId: Type.Optional({ ...Id, description: 'The one after it in the course.' }),
})
export type LessonPage = Static<typeof LessonPage>

export const CoursePage = Type.Object({
  ...BareCoursePage.properties,
  viewer: Type.Optional(
    Type.Object(
      {
        enrollment: Type.Union([Enrollment, Type.Null()]),
        progress: Type.Union([Summary, Type.Null()]),
      },
      { description: 'What one who is signed in has to do with the course.' },
    ),
  ),
})
export type CoursePage = Static<typeof CoursePage>
