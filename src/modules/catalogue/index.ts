export { findLessonOfMaterial, type LessonText } from './content-queries.ts'
export { findCopiedLessons } from './copy-queries.ts'
export {
  type CourseFiles,
  mediaFilesOf,
} from './course-folder.ts'
export {
  type CourseTitle,
  courseTitles,
  findCourseFacts,
  findCourseTitles,
  findShownCourses,
  holdCourse,
  isTaughtBy,
  lockCourse,
  teachings,
} from './course-queries.ts'
export type {
  CourseFactsRow,
  CoursePageRow,
  OutlineLessonRow,
  OutlineSectionRow,
  RatingRow,
} from './course-selection.ts'
export { findDripDays, findDrips } from './drip-queries.ts'
export { courseClosed, courseHidden } from './errors.ts'
export {
  courseArchived,
  courseAssigned,
  courseChanged,
  courseCreated,
  courseDeleted,
  courseDuplicated,
  courseHidden as courseHiddenEvent,
  coursePublished,
  courseRestored,
  courseShown,
  courseUnpublished,
  lessonAdded,
  lessonChanged,
  lessonRemoved,
} from './events.ts'
export { exportCourse } from './export-course.ts'
export { filesFolder } from './folder-files.ts'
export { readCourseFolder, renderWholeFolder, type WholeFolder } from './folder-parts.ts'
export { type ImportedCourse, importCourse } from './import-course.ts'
export { recallCoursePage, recallLessonText, recallOutline } from './kept-courses.ts'
export { countLessons, findLessons, findLessonTitles, lockCourseOfLesson } from './lesson-queries.ts'
export type { MaterialRow } from './material-queries.ts'
export {
  findCoursesUsingMedia,
  findUsesOfMedia,
  type UseOfMedia,
} from './material-queries.ts'
export {
  type CourseOutline,
  courseVersions,
  findLessonPlace,
  findOutline,
  type LessonPlace,
  lessonSteps,
  sectionSteps,
} from './outline-queries.ts'
export { ofCourse } from './page-subjects.ts'
export {
  type CourseFacts,
  isOwner,
  isVisible,
  may,
  requireMay,
  requireOwner,
  requireTakingIn,
  requireVisible,
} from './policy.ts'
export {
  presentCoursePage,
  presentLesson,
  presentMaterial,
  presentOutlineLesson,
  presentOutlineSection,
  presentSection,
  priceOf,
} from './present.ts'
export { publishingRoutes } from './publishing-routes.ts'
export { repairCount } from './repair-count.ts'
export { CoursePage, Lesson, Material, OutlineLesson, OutlineSection, Section } from './schemas.ts'
export { findCourseOfSection, findSections } from './section-queries.ts'
export { countActivation, findRating, moveRating } from './stats-queries.ts'
export { expectThumbnail, storeThumbnail } from './store-thumbnail.ts'
export { mostThumbnailBytes, newThumbnailKey } from './thumbnails.ts'
