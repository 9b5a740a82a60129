import type { Config } from '../../platform/config.ts'
import {
  presentCoursePage,
  presentMaterial,
  presentOutlineLesson,
  presentOutlineSection,
} from '../catalogue/index.ts'
import { presentEnrollment } from '../enrollments/index.ts'
import { presentMedia } from '../media/index.ts'
import { presentLock } from './present-lock.ts'
import type { CourseView } from './read-course-page.ts'
import type { LessonView } from './read-lesson.ts'
import { nextOf } from './rules.ts'
import type {
  CoursePage,
  LessonPage,
  LessonProgress,
  Progress,
  RecordedProgress,
  StudyOutline,
} from './schemas.ts'
import { lastOf, type ShownStudy, type Study, type StudyExam, type StudyStep, summaryOf } from './study.ts'

export function presentProgress(study: Study): Progress {
  const last = lastOf(study.lessons)
  return {
    ...presentCourse(study),
    ...(last ? { lastLessonId: last.lesson.id } : {}),
    lessons: study.lessons.map(presentLessonProgress),
  }
}

export function presentStep(step: StudyStep): RecordedProgress {
  const { courseId, lesson, summary, nextLessonId, exam } = step
  return {
    lesson: presentLessonProgress(lesson),
    course: { courseId, ...summary },
    ...(nextLessonId === null ? {} : { nextLessonId }),
    ...(exam ? { exam: presentExam(exam) } : {}),
  }
}

export function presentStudyOutline(study: ShownStudy): StudyOutline {
  const { lessons } = study
  let next = 0
  return {
    ...presentCourse(study),
    sections: study.sections.map((section) => {
      const first = next
      next += section.lessons.length
      return {
        ...presentOutlineSection(section),
        lessons: lessons.slice(first, next).map((lesson) => ({
          ...presentOutlineLesson(lesson.lesson),
          ...presentState(lesson),
        })),
      }
    }),
  }
}

/** @param at the moment from which the addresses of its files count */
export function presentLessonPage(view: LessonView, config: Config, at: Date): LessonPage {
  const { study, lesson, content, own } = view
  const { body, media, materials } = content
  const index = study.lessons.indexOf(lesson)
  const previous = study.lessons[index - 1]
  const next = study.lessons[index + 1]
  return {
    ...presentOutlineLesson(lesson.lesson),
    sectionId: lesson.sectionId,
    courseId: study.courseId,
    ...(body === null ? {} : { body }),
    ...(media === null ? {} : { mediaId: media.id, media: presentMedia(media, config, at) }),
    materials: materials.map((material) => presentMaterial(material, material.media, config, at)),
    ...(own ? presentState(lesson) : {}),
    ...(previous ? { previousLessonId: previous.lesson.id } : {}),
    ...(next ? { nextLessonId: next.lesson.id } : {}),
  }
}

/** @param signedIn whether there is a viewer to speak of */
export function presentCourseView(view: CourseView, signedIn: boolean, config: Config): CoursePage {
  const { course, owned } = view
  return {
    ...presentCoursePage(course, config, { owned }),
    ...(signedIn ? { viewer: presentViewer(view) } : {}),
  }
}

export function presentViewer({
  course,
  enrollment,
  progress,
}: CourseView): NonNullable<CoursePage['viewer']> {
  return { enrollment: enrollment ? presentEnrollment(enrollment, course) : null, progress }
}

export function presentCourse(study: ShownStudy): Pick<Progress, 'course' | 'nextLessonId' | 'exam'> {
  const next = nextOf(study.lessons)
  return {
    course: { courseId: study.courseId, ...summaryOf(study) },
    ...(next ? { nextLessonId: next.lesson.id } : {}),
    ...(study.exam ? { exam: presentExam(study.exam) } : {}),
  }
}

function presentExam({ quizId, passedAt, lock }: StudyExam): NonNullable<Progress['exam']> {
  if (passedAt) return { quizId, state: 'passed', passedAt }
  return { quizId, state: lock ? 'locked' : 'open', ...presentLock(lock) }
}

function presentLessonProgress(lesson: StudyStep['lesson']): LessonProgress {
  return { lessonId: lesson.lesson.id, ...presentState(lesson) }
}

export function presentState({
  state,
  lock,
  lesson,
  progress,
}: StudyStep['lesson']): Omit<LessonProgress, 'lessonId'> {
  const presented: Omit<LessonProgress, 'lessonId'> = {
    state,
    completedBy: lesson.type === 'quiz' ? 'quiz' : 'mark',
  }
  if (progress?.completed_at) presented.completedAt = progress.completed_at
  if (progress && progress.position_seconds !== null) presented.positionSeconds = progress.position_seconds
  return lock ? { ...presented, ...presentLock(lock) } : presented
}
