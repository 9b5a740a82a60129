import type { Config } from '../../platform/config.ts'
import type { Money } from '../../platform/money.ts'
import { avatarUrl } from '../accounts/index.ts'
import { type MediaCard, presentMedia } from '../media/index.ts'
import type { CategoryRow } from './category-queries.ts'
import type {
  CoursePageRow,
  CourseRow,
  InstructorRow,
  OutlineLessonRow,
  OutlineSectionRow,
} from './course-selection.ts'
import type { FacetRow } from './facets.ts'
import type { LessonRow } from './lesson-queries.ts'
import type { Facets } from './listing-schemas.ts'
import type { MaterialRow } from './material-queries.ts'
import type {
  Category,
  Course,
  CoursePage,
  Lesson,
  Material,
  Outline,
  OutlineLesson,
  Section,
} from './schemas.ts'
import type { SectionRow } from './section-queries.ts'
import { presentThumbnail } from './thumbnails.ts'

export function presentCategory({ id, name, slug, parent_id }: CategoryRow): Category {
  return { id, name, slug, ...(parent_id ? { parentId: parent_id } : {}) }
}

export function presentFacets({ categories, free, paid, ...counts }: FacetRow): Facets {
  return {
    total: counts.total,
    categories: categories.map((category) => ({ ...presentCategory(category), count: category.count })),
    levels: [...counts.levels],
    languages: [...counts.languages],
    tags: [...counts.tags],
    prices: [
      { value: 'free', count: free },
      { value: 'paid', count: paid },
    ],
  }
}

/** @param options.owned whether its reader is an owner, who may know why it is hidden */
export function presentCourse(
  course: CourseRow & { description?: string | null },
  config: Config,
  { owned }: { owned: boolean },
): Course {
  return {
    id: course.id,
    slug: course.slug,
    title: course.title,
    ...(course.subtitle ? { subtitle: course.subtitle } : {}),
    ...(course.description ? { description: course.description } : {}),
    status: course.status,
    price: priceOf(course),
    ...(course.category ? { category: presentCategory(course.category) } : {}),
    ...(course.level ? { level: course.level } : {}),
    ...(course.language ? { language: course.language } : {}),
    tags: [...course.tags],
    sequential: course.sequential,
    hidden: course.hidden_at !== null,
    ...(owned && course.hidden_reason ? { hiddenReason: course.hidden_reason } : {}),
    rating: { average: course.rating.average, count: course.rating.count },
    ...(course.thumbnail_key ? { thumbnail: presentThumbnail(course.thumbnail_key, config) } : {}),
    instructors: course.instructors.map((instructor) => presentInstructor(instructor, config)),
    version: course.version,
    createdAt: course.created_at,
    updatedAt: course.updated_at,
    ...(course.published_at ? { publishedAt: course.published_at } : {}),
  }
}

export function presentCoursePage(
  course: CoursePageRow,
  config: Config,
  reader: { owned: boolean },
): CoursePage {
  const lessons = course.sections.flatMap((section) => section.lessons)
  return {
    ...presentCourse(course, config, reader),
    ...presentOutline(course.sections),
    counts: {
      sections: course.sections.length,
      lessons: lessons.length,
      durationSeconds: lessons.reduce((sum, lesson) => sum + (lesson.duration_seconds ?? 0), 0),
    },
  }
}

export function priceOf(course: {
  price_amount: number | null
  price_currency: string | null
}): Money | null {
  const { price_amount: amount, price_currency: currency } = course
  return amount === null || currency === null ? null : { amount, currency }
}

function presentInstructor({ role, person }: InstructorRow, config: Config): Course['instructors'][number] {
  return {
    id: person.id,
    name: person.name,
    role,
    ...(person.headline ? { headline: person.headline } : {}),
    ...(person.avatar_key ? { avatarUrl: avatarUrl(person.id, person.avatar_key, config) } : {}),
  }
}

export function presentOutline(sections: readonly OutlineSectionRow[]): Outline {
  return {
    sections: sections.map((section) => ({
      ...presentOutlineSection(section),
      lessons: section.lessons.map(presentOutlineLesson),
    })),
  }
}

export function presentOutlineSection(
  section: Omit<OutlineSectionRow, 'lessons'>,
): Omit<Outline['sections'][number], 'lessons'> {
  const { id, title, description, position } = section
  return { id, title, ...(description ? { description } : {}), position }
}

export function presentOutlineLesson(lesson: OutlineLessonRow): OutlineLesson {
  const { id, title, type, position, preview } = lesson
  const presented: OutlineLesson = { id, title, type, position, preview }
  if (lesson.duration_seconds !== null) presented.durationSeconds = lesson.duration_seconds
  if (lesson.available_after_days !== null) presented.availableAfterDays = lesson.available_after_days
  return presented
}

export function presentSection(section: SectionRow): Section {
  return {
    id: section.id,
    courseId: section.course_id,
    title: section.title,
    ...(section.description ? { description: section.description } : {}),
    position: section.position,
  }
}

/** For one who may see it. @param at the moment from which the file's address counts: the actor's */
export function presentMaterial(material: MaterialRow, media: MediaCard, config: Config, at: Date): Material {
  return {
    id: material.id,
    lessonId: material.lesson_id,
    title: material.title ?? media.file_name,
    position: material.position,
    media: presentMedia(media, config, at),
  }
}

/** @param reader whether this reader may see what the lesson says */
export function presentLesson(lesson: LessonRow, reader: { seesBody: boolean }): Lesson {
  return {
    ...presentOutlineLesson(lesson),
    sectionId: lesson.section_id,
    courseId: lesson.course_id,
    ...(reader.seesBody && lesson.body !== null ? { body: lesson.body } : {}),
    ...(reader.seesBody && lesson.media_id !== null ? { mediaId: lesson.media_id } : {}),
  }
}
