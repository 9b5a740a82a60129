import { sql } from 'kysely'
import type { Tx } from '../../platform/database/database.ts'

const parents = { sections: 'course_id', lessons: 'section_id', materials: 'lesson_id' } as const

/** Moves up what stood behind a position that nothing has any more; the caller holds the course. */
export async function closeGap(
  tx: Tx,
  table: keyof typeof parents,
  gone: { in: string; position: number },
): Promise<void> {
  await sql`
    update ${sql.table(table)} set position = position - 1
    where ${sql.ref(parents[table])} = ${gone.in} and position > ${gone.position}`.execute(tx)
}
