import { type SqlBool, sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { LessonType } from '../../platform/database/schema.ts'
import { closeGap } from './close-gap.ts'
import { type CourseFactsRow, selectFacts } from './course-selection.ts'

export interface LessonRow {
  readonly id: string
  readonly course_id: string
  readonly section_id: string
  readonly title: string
  readonly type: LessonType
  readonly body: string | null
  readonly duration_seconds: number | null
  readonly preview: boolean
  readonly available_after_days: number | null
  readonly media_id: string | null
  readonly position: number
}

export type LessonFields = Omit<LessonRow, 'id' | 'course_id' | 'section_id' | 'position'>

const columns = [
  'id',
  'course_id',
  'section_id',
  'title',
  'type',
  'body',
  'duration_seconds',
  'preview',
  'available_after_days',
  'media_id',
  'position',
] as const

export function findLessons(
  db: Db,
  sectionId: string,
  page: { after: number | null; limit: number },
): Promise<LessonRow[]> {
  return db
    .selectFrom('lessons')
    .select(columns)
    .where('section_id', '=', sectionId)
    .where('position', '>', page.after ?? 0)
    .orderBy('position')
    .limit(page.limit)
    .execute()
}

/** Holds the lesson's course against every other change. The lesson itself may be gone by then. */
export function lockCourseOfLesson(tx: Tx, lessonId: string): Promise<CourseFactsRow | undefined> {
  return selectFacts(tx)
    .where('courses.id', '=', (from) =>
      from.selectFrom('lessons').select('lessons.course_id').where('lessons.id', '=', lessonId),
    )
    .forNoKeyUpdate('courses')
    .executeTakeFirst()
}

/** Adds a lesson at the end of its section; undefined where the section is gone. The caller holds the course. */
export async function insertLesson(
  tx: Tx,
  lesson: LessonFields & { id: string; section_id: string; at: Date },
): Promise<LessonRow | undefined> {
  const { rows } = await sql<LessonRow>`
    insert into lessons (id, course_id, section_id, title, type, body, duration_seconds, preview, available_after_days,
      media_id, position, created_at, updated_at)
    select ${lesson.id}::uuid, sections.course_id, sections.id, ${lesson.title}, ${lesson.type}::lesson_type,
      ${lesson.body}, ${lesson.duration_seconds}::int, ${lesson.preview}::boolean, ${lesson.available_after_days}::int,
      ${lesson.media_id}::uuid,
      (select coalesce(max(position), 0) + 1 from lessons where section_id = sections.id),
      ${lesson.at}::timestamptz, ${lesson.at}::timestamptz
    from sections where sections.id = ${lesson.section_id}
    returning ${sql.join(columns.map((column) => sql.ref(column)))}`.execute(tx)
  return rows[0]
}

/** Held by the lock of its course. */
export function findLesson(db: Db, id: string): Promise<LessonRow | undefined> {
  return db.selectFrom('lessons').select(columns).where('id', '=', id).executeTakeFirst()
}

/** Moves a lesson to the end of another section of its course and closes the gap; the caller holds the course. */
export async function moveLesson(tx: Tx, lesson: LessonRow, sectionId: string): Promise<void> {
  await tx
    .updateTable('lessons')
    .set({
      section_id: sectionId,
      position: sql`(select coalesce(max(position), 0) + 1 from lessons where section_id = ${sectionId})`,
    })
    .where('id', '=', lesson.id)
    .execute()
  await closeGap(tx, 'lessons', { in: lesson.section_id, position: lesson.position })
}

export function updateLesson(
  tx: Tx,
  id: string,
  change: Partial<LessonFields> & { updated_at: Date },
): Promise<LessonRow | undefined> {
  return tx.updateTable('lessons').set(change).where('id', '=', id).returning(columns).executeTakeFirst()
}

/** Removes a lesson and closes the gap; false where it is gone. The caller holds the course. */
export async function deleteLesson(tx: Tx, id: string): Promise<boolean> {
  const gone = await tx
    .deleteFrom('lessons')
    .where('id', '=', id)
    .returning(['section_id', 'position'])
    .executeTakeFirst()
  if (!gone) return false
  await closeGap(tx, 'lessons', { in: gone.section_id, position: gone.position })
  return true
}

export interface LessonContents extends Pick<LessonRow, 'id' | 'body' | 'media_id'> {
  /** The files that its text names. */
  readonly text_media: readonly string[]
}

/** What the lessons of a course say, and which files they have. */
export function findLessonContents(db: Db, courseId: string): Promise<LessonContents[]> {
  const named = sql<string[]>`array(
    select named.media_id from lesson_text_media named where named.lesson_id = lessons.id)`
  return db
    .selectFrom('lessons')
    .select(['id', 'body', 'media_id', named.as('text_media')])
    .where('course_id', '=', courseId)
    .execute()
}

/** How many lessons each course has, counted: to select from. */
export const lessonCounts = sql`select course_id, count(*)::int from lessons group by course_id`

/** How many lessons each of these courses has. */
export async function countLessons(
  db: Db,
  courseIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('course_stats')
    .select(['course_id', 'lessons'])
    .where(sql<SqlBool>`course_id = any(${courseIds}::uuid[])`)
    .execute()
  return new Map(rows.map((row) => [row.course_id, row.lessons]))
}

/** The titles of those of these lessons that are there, in the order of the course. */
export async function findLessonTitles(db: Db, ids: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom('lessons')
    .innerJoin('sections', 'sections.id', 'lessons.section_id')
    .select('lessons.title')
    .where(sql<SqlBool>`lessons.id = any(${ids}::uuid[])`)
    .orderBy('sections.position')
    .orderBy('lessons.position')
    .execute()
  return rows.map((row) => row.title)
}
