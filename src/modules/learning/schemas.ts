import { type Static, Type } from 'typebox'
import { Closed, Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import {
  CoursePage as BareCoursePage,
  Lesson,
  Material,
  OutlineLesson,
  OutlineSection,
} from '../catalogue/index.ts'
import { Enrollment } from '../enrollments/index.ts'
import { Media } from '../media/index.ts'
import { LockMembers } from './present-lock.ts'

export const LessonState = Type.Enum(['locked', 'open', 'completed'])

export const Summary = Type.Object({
  completedLessons: Type.Integer(),
  totalLessons: Type.Integer(),
  percent: Type.Integer({
    minimum: 0,
    maximum: 100,
    description: 'Of the lessons, rounded down: 100 only when all is done, the exam too.',
  }),
})

const CompletedBy = Type.Enum(['mark', 'quiz'], {
  description: 'What completes it: saying so, or passing its quiz.',
})

export const LessonProgress = Type.Object({
  lessonId: Id,
  state: LessonState,
  completedBy: CompletedBy,
  completedAt: Type.Optional(Time),
  positionSeconds: Type.Optional(Type.Integer()),
  ...LockMembers,
})
export type LessonProgress = Static<typeof LessonProgress>

export const Progress = Type.Object({
  course: Type.Object({ courseId: Id, ...Summary.properties }),
  lessons: Type.Array(LessonProgress),
  nextLessonId: Type.Optional({ ...Id, description: 'The first lesson that is open.' }),
  lastLessonId: Type.Optional({
    ...Id,
    description:
      'Where one was last: the newest completion or position. With its position, the place to go on.',
  }),
  exam: Type.Optional(
    Type.Object(
      {
        quizId: Id,
        state: Type.Enum(['locked', 'open', 'passed']),
        passedAt: Type.Optional(Time),
        ...LockMembers,
      },
      { description: 'Where the course has one. In a sequential course it is the last step.' },
    ),
  ),
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
  exam: Progress.properties.exam,
})
export type RecordedProgress = Static<typeof RecordedProgress>

/** What a student has done of a lesson, beside what all are told of it. */
export const ownOfLesson = {
  state: LessonState,
  completedBy: CompletedBy,
  completedAt: LessonProgress.properties.completedAt,
  positionSeconds: LessonProgress.properties.positionSeconds,
  ...LockMembers,
}

export const StudyOutline = Type.Object({
  sections: Type.Array(
    Type.Object({
      ...OutlineSection.properties,
      lessons: Type.Array(Type.Object({ ...OutlineLesson.properties, ...ownOfLesson })),
    }),
  ),
  course: Progress.properties.course,
  nextLessonId: Progress.properties.nextLessonId,
  exam: Progress.properties.exam,
})
export type StudyOutline = Static<typeof StudyOutline>

export const Format = Type.Optional(
  Type.Enum(['markdown', 'html'], {
    description: '`html`: beside the Markdown, as it was written, also the HTML of it, safe to show.',
  }),
)

const htmlOf =
  'With `format=html`. What takes too long to render (no text that is meant to be read) is given as written, in a `pre`. Files of ours that it shows or leads to have addresses that work without a bearer, for as long as the `url` of a Media does.'

export const LessonPage = Type.Object({
  ...Lesson.properties,
  bodyHtml: Type.Optional(Type.String({ description: htmlOf })),
  ...ownOfLesson,
  state: Type.Optional(LessonState),
  completedBy: Type.Optional(CompletedBy),
  media: Type.Optional(Media),
  materials: Type.Array(Material),
  previousLessonId: Type.Optional(Id),
  nextLessonId: Type.Optional({ ...Id, description: 'The one after it in the course.' }),
})
export type LessonPage = Static<typeof LessonPage>

export const CoursePage = Type.Object({
  ...BareCoursePage.properties,
  descriptionHtml: Type.Optional(Type.String({ description: htmlOf })),
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
