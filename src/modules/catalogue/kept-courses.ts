import type { Deps } from '../../platform/deps.ts'
import type { Kind } from '../../platform/http/pages.ts'
import { findLessonText, type LessonText } from './content-queries.ts'
import { findCoursePage } from './course-queries.ts'
import type { CoursePageRow, OutlineSectionRow } from './course-selection.ts'
import { type CourseOutline, findCourseOfLesson, findOutline } from './outline-queries.ts'
import { ofCourse } from './page-subjects.ts'

type Memory = Pick<Deps, 'db' | 'pages'>

// A lesson of an outline, as objects and in the texts that answers are made of.
const lessonBytes = 600
const courseBytes = 2_000
const placeBytes = 200

const outlines: Kind<CourseOutline> = {
  of: ({ id }) => ofCourse(id),
  bytesOf: ({ sections }) => courseBytes + bytesOf(sections),
}

const coursePages: Kind<CoursePageRow> = {
  // A slug that the course had: it may get it back.
  of: ({ id, slug }, asked) => (asked === id || asked === slug ? ofCourse(id) : null),
  bytesOf: ({ sections, description }) => courseBytes + bytesOf(sections) + 4 * (description?.length ?? 0),
}

/** In which course a lesson is, for good: whether it is there still, its course says. */
const places: Kind<string> = { of: (courseId) => ofCourse(courseId), bytesOf: () => placeBytes }

const lessonTexts: Kind<LessonText> = {
  of: ({ course_id }) => ofCourse(course_id),
  bytesOf: ({ body, text_media, materials }) =>
    2 * (body?.length ?? 0) + lessonBytes * (1 + text_media.length + materials.length),
}

function bytesOf(sections: readonly OutlineSectionRow[]): number {
  return sections.reduce((sum, { lessons }) => sum + lessonBytes * (1 + lessons.length), 0)
}

/**
 * What `findOutline` finds, from memory where it was asked for before and nothing has changed since: an outline is the same for all its
 * students. As exact as public pages are; for what is read, and what is written by a version that is compared.
 */
export async function recallOutline(
  { db, pages }: Memory,
  by: { courseId: string } | { lessonId: string },
): Promise<CourseOutline | undefined> {
  const courseId =
    'courseId' in by
      ? by.courseId
      : await pages.recall(places, by.lessonId, () => findCourseOfLesson(db, by.lessonId))
  if (courseId === undefined) return undefined
  return pages.recall(outlines, courseId, async () => {
    const outline = await findOutline(db, { courseId })
    if (outline) keepPlaces(pages, outline)
    return outline
  })
}

/** So that what is done in a lesson of a course that is known asks for no course. */
function keepPlaces(pages: Memory['pages'], { id, sections }: CourseOutline): void {
  for (const { lessons } of sections)
    for (const lesson of lessons) void pages.recall(places, lesson.id, async () => id)
}

/** What `findCoursePage` finds, in the same way. */
export function recallCoursePage(
  { db, pages }: Memory,
  idOrSlug: string,
): Promise<CoursePageRow | undefined> {
  return pages.recall(coursePages, idOrSlug, () => findCoursePage(db, idOrSlug))
}

/** What `findLessonText` finds, in the same way. */
export function recallLessonText({ db, pages }: Memory, lessonId: string): Promise<LessonText | undefined> {
  return pages.recall(lessonTexts, lessonId, () => findLessonText(db, lessonId))
}
