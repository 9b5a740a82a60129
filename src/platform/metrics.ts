import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'

/** What Prometheus scrapes (text exposition format 0.0.4). One registry per process, none global. */
export interface Metrics {
  observeRequest(request: { method: string; route: string; status: number; seconds: number }): void
  observeStatement(seconds: number): void
  observeJob(job: { name: string; outcome: 'done' | 'failed' | 'dead' }): void
  /** @returns the exposition text and its content type */
  expose(): Promise<{ text: string; contentType: string }>
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** @param options.process whether to measure this process too (memory, event loop, garbage collection) */
export function createMetrics(options: { process: boolean }): Metrics {
  const registry = new Registry()
  if (options.process) collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const requests = new Histogram({
    name: 'lectern_http_request_seconds',
    help: 'Time to answer a request, by route.',
    labelNames: ['method', 'route', 'status'],
    buckets: seconds,
    registers,
  })
  const statements = new Histogram({
    name: 'lectern_sql_statement_seconds',
    help: 'Time of a SQL statement.',
    buckets: seconds,
    registers,
  })
  const jobs = new Counter({
    name: 'lectern_jobs_total',
    help: 'Background jobs that ended, by name and outcome; dead: its attempts are used up.',
    labelNames: ['name', 'outcome'],
    registers,
  })
  return {
    observeRequest: ({ method, route, status, seconds: took }) =>
      requests.observe({ method, route, status }, took),
    observeStatement: (took) => statements.observe(took),
    observeJob: (job) => jobs.inc(job),
    expose: async () => ({ text: await registry.metrics(), contentType: registry.contentType }),
  }
}
