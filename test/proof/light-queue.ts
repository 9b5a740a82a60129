import type pg from 'pg'

/**
 * The proof takes the workers' part itself, so the queue need not wake any. The row of a job, in the transaction of whoever adds it,
 * is the same; to write it costs a quarter, which is a third of all that the proof does.
 */
export async function lightenQueue(pool: pg.Pool, names: readonly string[]): Promise<void> {
  await pool.query(
    'insert into graphile_worker._private_tasks (identifier) select unnest($1::text[]) on conflict do nothing',
    [names],
  )
  await pool.query(`
    create or replace function graphile_worker.add_job(identifier text, payload json default null, queue_name text default null,
      run_at timestamptz default null, max_attempts integer default null, job_key text default null,
      priority integer default null, flags text[] default null, job_key_mode text default 'replace')
    returns graphile_worker._private_jobs language sql as $$
      insert into graphile_worker._private_jobs as jobs (task_id, payload, run_at, max_attempts, key)
      select tasks.id, $2, coalesce($4, now()), coalesce($5, 25), $6
      from graphile_worker._private_tasks tasks where tasks.identifier = $1
      on conflict (key) do update set payload = excluded.payload, run_at = excluded.run_at
      returning jobs.*
    $$`)
}
