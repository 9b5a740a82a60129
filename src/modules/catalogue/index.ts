export {
  type CourseFiles,
  type FolderCourse,
  parseCourseFolder,
  renderCourseFolder,
} from './course-folder.ts'
export {
  type CourseTitle,
  findCourseFacts,
  findCoursePage,
  findCourseTitles,
  holdCourse,
  isTaughtBy,
} from './course-queries.ts'
export type {
  CourseFactsRow,
  CoursePageRow,
  OutlineLessonRow,
  OutlineSectionRow,
} from './course-selection.ts'
export { courseClosed } from './errors.ts'
export { exportCourse } from './export-course.ts'
export type { FolderFault } from './front-matter.ts'
export { importCourse } from './import-course.ts'
export { type CourseOutline, findOutline, findOutlineAndBody } from './outline-queries.ts'
export { type CourseFacts, isOwner, isVisible, requireOwner, requireVisible } from './policy.ts'
export { presentCoursePage, presentOutline, presentOutlineLesson, priceOf } from './present.ts'
export { CoursePage, Lesson, OutlineLesson, OutlineSection } from './schemas.ts'
