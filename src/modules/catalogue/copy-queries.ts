import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'

/** Ids of what is copied, each with that of its copy at the same place. */
interface Copies {
  readonly from: readonly string[]
  readonly to: readonly string[]
}

interface ContentIds {
  readonly sectionIds: string[]
  readonly lessonIds: string[]
  readonly materialIds: string[]
}

/** All that a course holds, in order. */
export async function findContentIds(db: Db, courseId: string): Promise<ContentIds> {
  const { rows } = await sql<ContentIds>`
    select
      array(select id from sections where course_id = ${courseId} order by position) as "sectionIds",
      array(select lessons.id from lessons join sections on sections.id = lessons.section_id
        where lessons.course_id = ${courseId} order by sections.position, lessons.position) as "lessonIds",
      array(select materials.id from materials join lessons on lessons.id = materials.lesson_id
        where lessons.course_id = ${courseId} order by materials.lesson_id, materials.position) as "materialIds"`.execute(
    db,
  )
  return rows[0] ?? { sectionIds: [], lessonIds: [], materialIds: [] }
}

/** A draft that says what another course says; of one that an admin hid, it is hidden too. */
export async function copyCourse(
  tx: Tx,
  copy: { from: string; id: string; title: string; slug: string; at: Date },
): Promise<void> {
  const { from, id, title, slug, at } = copy
  await sql`
    insert into courses (id, slug, title, subtitle, description, status, category_id, level, language, tags,
      price_amount, price_currency, sequential, thumbnail_key, hidden_at, hidden_reason, created_at, updated_at)
    select ${id}::uuid, ${slug}, ${title}, subtitle, description, 'draft', category_id, level, language, tags,
      price_amount, price_currency, sequential, thumbnail_key, hidden_at, hidden_reason, ${at}::timestamptz, ${at}::timestamptz
    from courses where id = ${from}`.execute(tx)
}

export async function copySections(
  tx: Tx,
  { courseId, sections }: { courseId: string; sections: Copies },
): Promise<void> {
  await sql`
    insert into sections (id, course_id, title, description, position)
    select copy.id, ${courseId}::uuid, title, description, position
    from unnest(${sections.from}::uuid[], ${sections.to}::uuid[]) copy (original, id)
    join sections on sections.id = copy.original`.execute(tx)
}

export async function copyLessons(
  tx: Tx,
  { courseId, sections, lessons, at }: { courseId: string; sections: Copies; lessons: Copies; at: Date },
): Promise<void> {
  await sql`
    insert into lessons (id, course_id, section_id, title, type, body, duration_seconds, preview, available_after_days,
      media_id, position, copied_from, created_at, updated_at)
    select copy.id, ${courseId}::uuid, section.id, title, type, body, duration_seconds, preview, available_after_days,
      media_id, position, lessons.id, ${at}::timestamptz, ${at}::timestamptz
    from unnest(${lessons.from}::uuid[], ${lessons.to}::uuid[]) copy (original, id)
    join lessons on lessons.id = copy.original
    join unnest(${sections.from}::uuid[], ${sections.to}::uuid[]) section (original, id)
      on section.original = lessons.section_id`.execute(tx)
}

export async function copyMaterials(
  tx: Tx,
  { lessons, materials, at }: { lessons: Copies; materials: Copies; at: Date },
): Promise<void> {
  await sql`
    insert into materials (id, lesson_id, media_id, title, position, created_at)
    select copy.id, lesson.id, media_id, title, position, ${at}::timestamptz
    from unnest(${materials.from}::uuid[], ${materials.to}::uuid[]) copy (original, id)
    join materials on materials.id = copy.original
    join unnest(${lessons.from}::uuid[], ${lessons.to}::uuid[]) lesson (original, id)
      on lesson.original = materials.lesson_id`.execute(tx)
}

/** What the texts of a copy name: the same files. */
export async function copyTextMedia(
  tx: Tx,
  { from, to, lessons }: { from: string; to: string; lessons: Copies },
): Promise<void> {
  await sql`
    with of_description as (
      insert into course_text_media (course_id, media_id)
      select ${to}::uuid, media_id from course_text_media where course_id = ${from}
    )
    insert into lesson_text_media (lesson_id, media_id)
    select copy.id, media_id
    from unnest(${lessons.from}::uuid[], ${lessons.to}::uuid[]) copy (original, id)
    join lesson_text_media named on named.lesson_id = copy.original`.execute(tx)
}

/** The lessons of a course that was copied, each with the one that it was copied from: for whoever has more to copy. */
export function findCopiedLessons(db: Db, copyId: string): Promise<{ from: string | null; to: string }[]> {
  return db
    .selectFrom('lessons')
    .select(['copied_from as from', 'id as to'])
    .where('course_id', '=', copyId)
    .where('copied_from', 'is not', null)
    .execute()
}
