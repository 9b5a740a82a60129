import { sql } from 'kysely'
import type { Tx } from '../../platform/database/database.ts'

/** What happened: which event, of which enrollment (payment, refund), when. */
export interface Happening {
  readonly type: string
  readonly subjectId: string
  readonly at: Date
}

const which = ({ type, subjectId, at }: Happening) =>
  sql`type = ${type} and subject_id = ${subjectId} and at = ${at}`

/**
 * Counts what became of an enrollment, as its row tells. Nothing where the row tells of no such thing: what a student gave up and an
 * admin then ends is said to be cancelled twice, and was so the first time. The rows of the school come last, as the ones most wanted.
 */
export async function insertEnrollmentMove(tx: Tx, happening: Happening): Promise<void> {
  await sql`
    with moved as (select * from enrollment_moves where ${which(happening)}),
    slots as (
      insert into enrollment_slots as kept (course_id, slot, begun, activated, cancelled)
      select course_id, slot, begun, activated, cancelled from moved where type <> 'enrollment.completed'
      on conflict (course_id, slot) do update set begun = kept.begun + excluded.begun,
        activated = kept.activated + excluded.activated, cancelled = kept.cancelled + excluded.cancelled
      returning 1
    ), totals as (
      insert into enrollment_totals as kept (course_id, pending, active, completed, cancelled)
      select course_id, to_pending, to_active, to_completed, to_cancelled from moved
      on conflict (course_id) do update set pending = kept.pending + excluded.pending, active = kept.active + excluded.active,
        completed = kept.completed + excluded.completed, cancelled = kept.cancelled + excluded.cancelled
      returning 1
    ), in_all as (
      insert into school_enrollment_totals as kept (type, shard, pending, active, completed, cancelled)
      select type, shard, to_pending, to_active, to_completed, to_cancelled from moved
      where (select count(*) from slots) + (select count(*) from totals) > 0
      on conflict (type, shard) do update set pending = kept.pending + excluded.pending, active = kept.active + excluded.active,
        completed = kept.completed + excluded.completed, cancelled = kept.cancelled + excluded.cancelled
      returning 1
    )
    insert into school_enrollment_slots as kept (slot, shard, begun, activated, completed, cancelled)
    select slot, shard, begun, activated, completed, cancelled from moved
    where (select count(*) from in_all) > 0
    on conflict (slot, shard) do update set begun = kept.begun + excluded.begun,
      activated = kept.activated + excluded.activated, completed = kept.completed + excluded.completed,
      cancelled = kept.cancelled + excluded.cancelled`.execute(tx)
}

/** Counts money that came and stayed, or that went back of it. Nothing where it never was the school's. */
export async function insertMoneyMove(tx: Tx, happening: Happening): Promise<void> {
  await sql`
    with moved as (select * from money_moves_by_day where ${which(happening)}),
    slots as (
      insert into revenue_slots as kept (course_id, currency, slot, captured, refunded, payments)
      select course_id, currency, slot, captured, refunded, payments from moved
      on conflict (course_id, currency, slot) do update set captured = kept.captured + excluded.captured,
        refunded = kept.refunded + excluded.refunded, payments = kept.payments + excluded.payments
      returning 1
    ), totals as (
      insert into revenue_totals as kept (course_id, currency, captured, refunded, payments)
      select course_id, currency, captured, refunded, payments from moved
      on conflict (course_id, currency) do update set captured = kept.captured + excluded.captured,
        refunded = kept.refunded + excluded.refunded, payments = kept.payments + excluded.payments
      returning 1
    ), days as (
      insert into school_revenue_days as kept (day, currency, shard, captured, refunded, payments)
      select day, currency, shard, captured, refunded, payments from moved
      where (select count(*) from slots) + (select count(*) from totals) > 0
      on conflict (day, currency, shard) do update set captured = kept.captured + excluded.captured,
        refunded = kept.refunded + excluded.refunded, payments = kept.payments + excluded.payments
      returning 1
    ), in_all as (
      insert into school_revenue_totals as kept (currency, shard, captured, refunded, payments)
      select currency, shard, captured, refunded, payments from moved
      where (select count(*) from days) > 0
      on conflict (currency, shard) do update set captured = kept.captured + excluded.captured,
        refunded = kept.refunded + excluded.refunded, payments = kept.payments + excluded.payments
      returning 1
    )
    insert into school_revenue_slots as kept (slot, currency, shard, captured, refunded, payments)
    select slot, currency, shard, captured, refunded, payments from moved
    where (select count(*) from in_all) > 0
    on conflict (slot, currency, shard) do update set captured = kept.captured + excluded.captured,
      refunded = kept.refunded + excluded.refunded, payments = kept.payments + excluded.payments`.execute(tx)
}
