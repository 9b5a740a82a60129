import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import { type PersonCard, personCard } from '../accounts/index.ts'

export interface ReviewRow {
  readonly id: string
  readonly course_id: string
  readonly stars: number
  readonly text: string | null
  readonly created_at: Date
  readonly updated_at: Date
  /** Null: they have left. */
  readonly author: PersonCard | null
}

const columns = ['id', 'course_id', 'stars', 'text', 'created_at', 'updated_at'] as const
const author = personCard('reviews.user_id').as('author')

function select(db: Db) {
  return db.selectFrom('reviews').select(columns).select(author)
}

/** The newest first. */
export function findReviews(
  db: Db,
  courseId: string,
  page: { after: string | null; limit: number },
): Promise<ReviewRow[]> {
  let query = select(db).where('course_id', '=', courseId)
  if (page.after !== null) query = query.where('id', '<', page.after)
  return query.orderBy('id', 'desc').limit(page.limit).execute()
}

export function findReview(db: Db, id: string): Promise<ReviewRow | undefined> {
  return select(db).where('id', '=', id).executeTakeFirst()
}

export function findReviewsOf(db: Db, userId: string): Promise<ReviewRow[]> {
  return select(db).where('user_id', '=', userId).orderBy('id').execute()
}

interface Content {
  readonly stars: number
  readonly text: string | null
}

/** Undefined where the person has reviewed the course. */
export async function insertReview(
  tx: Tx,
  review: Content & { id: string; course_id: string; user_id: string; created_at: Date },
): Promise<string | undefined> {
  const row = await tx
    .insertInto('reviews')
    .values({ ...review, updated_at: review.created_at })
    .onConflict((conflict) => conflict.constraint('reviews_once').doNothing())
    .returning('id')
    .executeTakeFirst()
  return row?.id
}

/** A person's review of a course, held against every other change until the transaction ends. */
export function lockReview(
  tx: Tx,
  which: { courseId: string; userId: string },
): Promise<{ id: string; stars: number } | undefined> {
  return tx
    .selectFrom('reviews')
    .select(['id', 'stars'])
    .where('course_id', '=', which.courseId)
    .where('user_id', '=', which.userId)
    .forUpdate()
    .executeTakeFirst()
}

export async function updateReview(
  tx: Tx,
  id: string,
  change: Content & { updated_at: Date },
): Promise<void> {
  await tx.updateTable('reviews').set(change).where('id', '=', id).execute()
}

/** What was removed; undefined where it is gone. */
export function deleteReview(
  tx: Tx,
  which: { id: string } | { courseId: string; userId: string },
): Promise<{ id: string; course_id: string; stars: number } | undefined> {
  const query = tx.deleteFrom('reviews').returning(['id', 'course_id', 'stars'])
  return 'id' in which
    ? query.where('id', '=', which.id).executeTakeFirst()
    : query.where('course_id', '=', which.courseId).where('user_id', '=', which.userId).executeTakeFirst()
}

/** Leaves the stars, which count in the average: neither what was said nor who said it. */
export async function anonymizeReviews(tx: Tx, userId: string): Promise<void> {
  await sql`update reviews set user_id = null, text = null where user_id = ${userId}`.execute(tx)
}

/** How many reviews with 1 to 5 stars each course has, counted: to select from. */
export const starCounts = sql`
  select course_id, array[count(*) filter (where stars = 1), count(*) filter (where stars = 2), count(*) filter (where stars = 3),
    count(*) filter (where stars = 4), count(*) filter (where stars = 5)]::int[] as count
  from reviews group by course_id`
