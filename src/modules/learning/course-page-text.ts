import type { Config } from '../../platform/config.ts'
import { serializerOf } from '../../platform/http/serialize.ts'
import { type CoursePageRow, presentCoursePage } from '../catalogue/index.ts'
import { presentViewer } from './present.ts'
import type { CourseView } from './read-course-page.ts'
import { CoursePage } from './schemas.ts'

const { viewer: Viewer } = CoursePage.properties
const writePage = serializerOf(CoursePage)
const writeViewer = serializerOf(Viewer)

/** By the course that a page is made of, for as long as that is kept: what all who are signed in are told of it, without its end. */
const texts = new WeakMap<CoursePageRow, string>()

/**
 * The JSON of `presentCourseView` for one who is signed in, as the serializer of `CoursePage` writes it: what is the viewer's comes last in
 * it, and the rest is written once for all but its owners.
 */
export function writeCourseView(view: CourseView, config: Config): string {
  return `${textOf(view, config)},"viewer":${writeViewer(presentViewer(view))}}`
}

function textOf({ course, owned }: CourseView, config: Config): string {
  let text = owned ? undefined : texts.get(course)
  if (text === undefined) {
    text = writePage(presentCoursePage(course, config, { owned })).slice(0, -1)
    if (!owned) texts.set(course, text)
  }
  return text
}
