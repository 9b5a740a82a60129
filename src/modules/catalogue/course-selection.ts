import { sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'
import type { CourseLevel, CourseStatus, InstructorRole, LessonType } from '../../platform/database/schema.ts'
import { type PersonCard, personCard } from '../accounts/index.ts'
import type { CategoryRow } from './category-queries.ts'

export interface InstructorRow {
  readonly role: InstructorRole
  readonly person: PersonCard
}

export interface CourseRow {
  readonly id: string
  readonly slug: string
  readonly title: string
  readonly subtitle: string | null
  readonly status: CourseStatus
  readonly archived_from: CourseStatus | null
  readonly level: CourseLevel | null
  readonly language: string | null
  readonly tags: readonly string[]
  readonly price_amount: number | null
  readonly price_currency: string | null
  readonly sequential: boolean
  readonly version: number
  readonly created_at: Date
  readonly updated_at: Date
  readonly published_at: Date | null
  readonly hidden_at: Date | null
  readonly hidden_reason: string | null
  readonly thumbnail_key: string | null
  readonly category: CategoryRow | null
  readonly instructors: readonly InstructorRow[]
  readonly rating: RatingRow
}

export interface RatingRow {
  readonly average: number
  readonly count: number
}

export interface OutlineLessonRow {
  readonly id: string
  readonly title: string
  readonly type: LessonType
  readonly position: number
  readonly preview: boolean
  readonly duration_seconds: number | null
  readonly available_after_days: number | null
}

export interface OutlineSectionRow {
  readonly id: string
  readonly title: string
  readonly description: string | null
  readonly position: number
  readonly lessons: readonly OutlineLessonRow[]
}

export interface CoursePageRow extends CourseRow {
  readonly instructor_ids: readonly string[]
  readonly lead_ids: readonly string[]
  readonly description: string | null
  /** The files that its description names. */
  readonly text_media: readonly string[]
  readonly sections: readonly OutlineSectionRow[]
}

/** What decides who may do what with a course. */
export interface CourseFactsRow {
  readonly id: string
  readonly slug: string
  readonly title: string
  readonly status: CourseStatus
  readonly archived_from: CourseStatus | null
  readonly sequential: boolean
  readonly published_at: Date | null
  readonly price_amount: number | null
  readonly price_currency: string | null
  readonly hidden_at: Date | null
  readonly hidden_reason: string | null
  readonly thumbnail_key: string | null
  readonly version: number
  readonly instructor_ids: readonly string[]
  readonly lead_ids: readonly string[]
}

const factColumns = [
  'courses.id',
  'courses.slug',
  'courses.title',
  'courses.status',
  'courses.archived_from',
  'courses.sequential',
  'courses.price_amount',
  'courses.price_currency',
  'courses.published_at',
  'courses.hidden_at',
  'courses.hidden_reason',
  'courses.thumbnail_key',
  'courses.version',
] as const

const courseColumns = [
  ...factColumns,
  'courses.subtitle',
  'courses.level',
  'courses.language',
  'courses.tags',
  'courses.created_at',
  'courses.updated_at',
] as const

const category = sql<CategoryRow | null>`(
  select json_build_object('id', category.id, 'name', category.name, 'slug', category.slug,
    'parent_id', category.parent_id)
  from categories category where category.id = courses.category_id)`

const instructors = sql<InstructorRow[]>`coalesce((
  select json_agg(json_build_object('role', teaches.role, 'person', ${personCard('teaches.user_id')})
    order by teaches.role, teaches.user_id)
  from course_instructors teaches where teaches.course_id = courses.id), '[]')`

const rating = sql<RatingRow>`(
  select json_build_object('average', stats.rating_average, 'count', stats.rating_count)
  from course_stats stats where stats.course_id = courses.id)`

const instructorIds = sql<string[]>`array(
  select teaches.user_id from course_instructors teaches where teaches.course_id = courses.id)`

const leadIds = sql<string[]>`array(
  select leads.user_id from course_instructors leads where leads.course_id = courses.id and leads.role = 'lead')`

/** The files that the description names. */
export const textMedia = sql<string[]>`array(
  select named.media_id from course_text_media named where named.course_id = courses.id)`

/** Sections with their lessons, in order, as one value: the whole outline costs no statement of its own. */
export const sections = sql<OutlineSectionRow[]>`coalesce((
  select json_agg(json_build_object('id', section.id, 'title', section.title, 'description', section.description,
    'position', section.position, 'lessons', coalesce(held.lessons, '[]')) order by section.position)
  from sections section
  left join (
    select lesson.section_id, json_agg(json_build_object('id', lesson.id, 'title', lesson.title, 'type', lesson.type,
      'position', lesson.position, 'preview', lesson.preview, 'duration_seconds', lesson.duration_seconds,
      'available_after_days', lesson.available_after_days) order by lesson.position) as lessons
    from lessons lesson where lesson.course_id = courses.id group by lesson.section_id
  ) held on held.section_id = section.id
  where section.course_id = courses.id), '[]')`

/** Courses with what a list shows of them: category and instructors come in the same statement. */
export function selectCourses(db: Db) {
  return db
    .selectFrom('courses')
    .select(courseColumns)
    .select([category.as('category'), instructors.as('instructors'), rating.as('rating')])
}

export function selectFacts(db: Db) {
  return db
    .selectFrom('courses')
    .select(factColumns)
    .select([instructorIds.as('instructor_ids'), leadIds.as('lead_ids')])
}
