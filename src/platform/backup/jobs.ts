/*
 * The queue is copied by its content, not by its tables, which are another's and change with its version. A job that is at work in the
 * snapshot waits in the backup: nobody works on it there, and the attempt that was under way is not counted.
 */

const columns =
  'id, task, queue, payload, priority, run_at, attempts, max_attempts, last_error, created_at, updated_at, key, revision, flags'

export const copyJobsOut = `copy (
  select jobs.id, tasks.identifier as task, queues.queue_name as queue, jobs.payload, jobs.priority, jobs.run_at,
    jobs.attempts - (case when jobs.locked_at is not null and jobs.attempts > 0 then 1 else 0 end) as attempts,
    jobs.max_attempts, jobs.last_error, jobs.created_at, jobs.updated_at, jobs.key, jobs.revision, jobs.flags
  from graphile_worker._private_jobs jobs
  join graphile_worker._private_tasks tasks on tasks.id = jobs.task_id
  left join graphile_worker._private_job_queues queues on queues.id = jobs.job_queue_id
  order by jobs.id) to stdout`

export const beginJobs = `create temporary table restored_jobs (
  id bigint, task text, queue text, payload json, priority smallint, run_at timestamptz, attempts smallint, max_attempts smallint,
  last_error text, created_at timestamptz, updated_at timestamptz, key text, revision integer, flags jsonb) on commit drop`

export const copyJobsIn = `copy restored_jobs (${columns}) from stdin`

export const endJobs = `
  insert into graphile_worker._private_tasks (identifier) select distinct task from restored_jobs on conflict do nothing;
  insert into graphile_worker._private_job_queues (queue_name)
    select distinct queue from restored_jobs where queue is not null on conflict do nothing;
  insert into graphile_worker._private_jobs (id, task_id, job_queue_id, payload, priority, run_at, attempts, max_attempts, last_error,
      created_at, updated_at, key, revision, flags)
    overriding system value
    select jobs.id, tasks.id, queues.id, jobs.payload, jobs.priority, jobs.run_at, jobs.attempts, jobs.max_attempts, jobs.last_error,
      jobs.created_at, jobs.updated_at, jobs.key, jobs.revision, jobs.flags
    from restored_jobs jobs
    join graphile_worker._private_tasks tasks on tasks.identifier = jobs.task
    left join graphile_worker._private_job_queues queues on queues.queue_name = jobs.queue;
  select setval(pg_get_serial_sequence('graphile_worker._private_jobs', 'id'), max(id)) from restored_jobs having max(id) is not null`
