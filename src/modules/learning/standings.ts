import type { Db } from '../../platform/database/database.ts'
import { countLessons } from '../catalogue/index.ts'
import { findFacts } from './fact-queries.ts'
import { type Summary, summaryFrom } from './rules.ts'

/** How far somebody has come in a course, and when they last did something in it. */
export interface CourseStanding extends Summary {
  readonly lastActivityAt: Date | null
}

/** Where each of these enrollments stands, by its id, in two statements. */
export async function findStandings(
  db: Db,
  enrollments: readonly { readonly id: string; readonly course_id: string }[],
): Promise<ReadonlyMap<string, CourseStanding>> {
  const facts = await findFacts(db, enrollments)
  const totals = await countLessons(
    db,
    enrollments.map((row) => row.course_id),
  )
  return new Map(
    enrollments.map(({ id, course_id }) => [
      id,
      {
        ...summaryFrom({
          completedLessons: facts.get(id)?.completed_lessons ?? 0,
          totalLessons: totals.get(course_id) ?? 0,
          examMissing: facts.get(id)?.exam_missing ?? false,
        }),
        lastActivityAt: facts.get(id)?.last_activity_at ?? null,
      },
    ]),
  )
}
