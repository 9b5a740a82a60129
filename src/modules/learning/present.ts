import type { Config } from '../../platform/config.ts'
import { presentCoursePage, presentOutline, presentOutlineLesson } from '../catalogue/index.ts'
import { presentEnrollment } from '../enrollments/index.ts'
import type { CourseView } from './read-course-page.ts'
import type { LessonView } from './read-lesson.ts'
import { nextLessonOf, type Standing, summaryOf } from './rules.ts'
import type { CoursePage, LessonPage, LessonProgress, Progress, RecordedProgress, StudyOutline } from './schemas.ts'
import { type Study, standingIn } from './study.ts'

export function presentProgress(study: Study): Progress {
  const lessons = study.standings.map((standing) => presentLessonProgress(study, standing))
  return { ...presentCourse(study), lessons }
}

export function presentRecorded(study: Study, lessonId: string): RecordedProgress {
  const standing = standingIn(study, lessonId) ?? { lessonId, state: 'open', lockedBy: null }
  return { lesson: presentLessonProgress(study, standing), ...presentCourse(study) }
}

export function presentStudyOutline(study: Study): StudyOutline {
  const standings = new Map(study.standings.map((standing) => [standing.lessonId, standing]))
  const { sections } = presentOutline(study.sections)
  return {
    sections: sections.map((section) => ({
      ...section,
      lessons: section.lessons.map((lesson) => {
        const standing = standings.get(lesson.id) ?? { lessonId: lesson.id, state: 'open', lockedBy: null }
        const { lessonId: _, ...progress } = presentLessonProgress(study, standing)
        return { ...lesson, ...progress }
      }),
    })),
    ...presentCourse(study),
  }
}
