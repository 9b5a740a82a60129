import { type SqlBool, sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import { closeGap } from './close-gap.ts'
import { type CourseFactsRow, selectFacts } from './course-selection.ts'

export interface MaterialRow {
  readonly id: string
  readonly lesson_id: string
  readonly media_id: string
  readonly title: string | null
  readonly position: number
}

const columns = ['id', 'lesson_id', 'media_id', 'title', 'position'] as const

/** The attachments of all lessons of a course, in order within each. */
export function findMaterialsOfCourse(db: Db, courseId: string): Promise<MaterialRow[]> {
  return db
    .selectFrom('materials')
    .innerJoin('lessons', 'lessons.id', 'materials.lesson_id')
    .select([
      'materials.id',
      'materials.lesson_id',
      'materials.media_id',
      'materials.title',
      'materials.position',
    ])
    .where('lessons.course_id', '=', courseId)
    .orderBy('materials.lesson_id')
    .orderBy('materials.position')
    .execute()
}

export interface UseOfMedia {
  readonly courseId: string
  /** Null where it is the description of the course. */
  readonly lessonId: string | null
  /** Whether all who may see the course may see it: a description, or a lesson that is a preview. */
  readonly isOpen: boolean
}

/** Where a file is shown: in lessons, as their own, as a material or in their text, and in descriptions. Who sees the place may see the file. */
export async function findUsesOfMedia(db: Db, mediaId: string): Promise<UseOfMedia[]> {
  const { rows } = await sql<UseOfMedia>`
    select course_id as "courseId", lesson_id as "lessonId", is_open as "isOpen" from (${usesOf(mediaId)}) uses`.execute(
    db,
  )
  return rows
}

/** Each by its index: with an `or` between them every lesson would be looked at. */
const usesOf = (mediaId: string) => sql`
  select course_id, id as lesson_id, preview as is_open from lessons where media_id = ${mediaId}
  union
  select lessons.course_id, lessons.id, lessons.preview from materials
  join lessons on lessons.id = materials.lesson_id where materials.media_id = ${mediaId}
  union
  select lessons.course_id, lessons.id, lessons.preview from lesson_text_media named
  join lessons on lessons.id = named.lesson_id where named.media_id = ${mediaId}
  union
  select course_id, null, true from course_text_media where media_id = ${mediaId}`

/** The courses that show a file. */
export function findCoursesUsingMedia(db: Db, mediaId: string): Promise<CourseFactsRow[]> {
  return selectFacts(db)
    .where(sql<SqlBool>`courses.id in (select course_id from (${usesOf(mediaId)}) uses)`)
    .execute()
}

/** Holds the course of a material's lesson against every other change. The material itself may be gone by then. */
export function lockCourseOfMaterial(tx: Tx, materialId: string): Promise<CourseFactsRow | undefined> {
  return selectFacts(tx)
    .where('courses.id', '=', (from) =>
      from
        .selectFrom('lessons')
        .innerJoin('materials', 'materials.lesson_id', 'lessons.id')
        .select('lessons.course_id')
        .where('materials.id', '=', materialId),
    )
    .forNoKeyUpdate('courses')
    .executeTakeFirst()
}

/** Adds a material at the end of its lesson; undefined where the lesson is gone. The caller holds the course. */
export async function insertMaterial(
  tx: Tx,
  material: Omit<MaterialRow, 'position'> & { at: Date },
): Promise<MaterialRow | undefined> {
  const { id, lesson_id, media_id, title, at } = material
  const { rows } = await sql<MaterialRow>`
    insert into materials (id, lesson_id, media_id, title, position, created_at)
    select ${id}::uuid, lessons.id, ${media_id}::uuid, ${title},
      (select coalesce(max(position), 0) + 1 from materials where lesson_id = lessons.id), ${at}::timestamptz
    from lessons where lessons.id = ${lesson_id}
    returning id, lesson_id, media_id, title, position`.execute(tx)
  return rows[0]
}

/** Removes a material and closes the gap; undefined where it is gone. The caller holds the course. */
export async function deleteMaterial(tx: Tx, id: string): Promise<MaterialRow | undefined> {
  const gone = await tx.deleteFrom('materials').where('id', '=', id).returning(columns).executeTakeFirst()
  if (!gone) return undefined
  await closeGap(tx, 'materials', { in: gone.lesson_id, position: gone.position })
  return gone
}
