import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Family } from './processes/family.ts'

/** What Prometheus scrapes (text exposition format 0.0.4). One registry per process, none global. */
export interface Metrics {
  observeRequest(request: { method: string; route: string; status: number; seconds: number }): void
  observeStatement(seconds: number): void
  /** Counts the connections of a pool whenever it is asked. */
  watchConnections(pool: { totalCount: number; idleCount: number; waitingCount: number }): void
  observeJob(job: { name: string; outcome: 'done' | 'failed' | 'dead' }): void
  /** @param count events that were handed on to their subscribers at once */
  observeHandedOn(count: number): void
  /** @param change 1: a socket has connected to this node; -1: one is gone */
  observeSocket(change: 1 | -1): void
  observePush(name: string): void
  /** @param request.outcome `ok`, or the code of the refusal */
  observeSocketRequest(request: { name: string; outcome: string; seconds: number }): void
  /** @param seconds how old what the replica says is; NaN while it is away */
  observeReplicaLag(seconds: number): void
  /** A read that the replica may answer, and who did. */
  observeReplicaRead(by: 'replica' | 'primary'): void
  /** @returns the exposition text and its content type */
  expose(): Promise<{ text: string; contentType: string }>
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/**
 * @param options.process whether to measure this process too (memory, event loop, garbage collection)
 * @param options.family the other processes on the port: what is exposed is then of all of them, added up
 */
export function createMetrics(options: { process: boolean; family?: Family | null }): Metrics {
  const { family = null } = options
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
  const handedOn = new Counter({
    name: 'lectern_events_handed_on_total',
    help: 'Events that were handed on to their subscribers.',
    registers,
  })
  const sockets = new Gauge({
    name: 'lectern_sockets',
    help: 'Sockets that are connected to this node.',
    registers,
  })
  const pushes = new Counter({
    name: 'lectern_pushes_total',
    help: 'What was pushed to sockets, by name; each once, however many devices got it.',
    labelNames: ['name'],
    registers,
  })
  const socketRequests = new Histogram({
    name: 'lectern_socket_request_seconds',
    help: 'Time to answer a request over a socket, by name and outcome.',
    labelNames: ['name', 'outcome'],
    buckets: seconds,
    registers,
  })
  const replicaLag = new Gauge({
    name: 'lectern_replica_lag_seconds',
    help: 'How old what the replica says is; NaN while it is away.',
    registers: [],
    aggregator: 'max',
  })
  const replicaReads = new Counter({
    name: 'lectern_replica_reads_total',
    help: 'Reads that the replica may answer, by who did.',
    labelNames: ['by'],
    registers,
  })
  family?.onMeasure(() => registry.getMetricsAsJSON())
  return {
    observeReplicaLag(took) {
      // Only where there is a replica: a lag of zero would look like one that is well.
      registry.registerMetric(replicaLag)
      replicaLag.set(took)
    },
    observeReplicaRead: (by) => replicaReads.inc({ by }),
    watchConnections(pool) {
      new Gauge({
        name: 'lectern_database_connections',
        help: 'Connections to the database, by state; waiting: requests that want one.',
        labelNames: ['state'],
        registers,
        collect() {
          this.set({ state: 'busy' }, pool.totalCount - pool.idleCount)
          this.set({ state: 'idle' }, pool.idleCount)
          this.set({ state: 'waiting' }, pool.waitingCount)
        },
      })
    },
    observeSocket: (change) => sockets.inc(change),
    observePush: (name) => pushes.inc({ name }),
    observeSocketRequest: ({ name, outcome, seconds: took }) =>
      socketRequests.observe({ name, outcome }, took),
    observeRequest: ({ method, route, status, seconds: took }) =>
      requests.observe({ method, route, status }, took),
    observeStatement: (took) => statements.observe(took),
    observeJob: (job) => jobs.inc(job),
    observeHandedOn: (count) => handedOn.inc(count),
    expose: async () => ({
      text: family ? await family.readMetrics() : await registry.metrics(),
      contentType: registry.contentType,
    }),
  }
}
