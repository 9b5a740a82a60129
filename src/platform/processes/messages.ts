import type { MetricObjectWithValues, MetricValue } from 'prom-client'
import type { Config } from '../config.ts'

/** A process's measurements, to be added up with those of the others. */
export type Measurements = MetricObjectWithValues<MetricValue<string>>[]

/** What one of several processes says to the one that looks after them. */
export type FromChild =
  | { readonly say: 'up' }
  | { readonly say: 'metrics?'; readonly id: number }
  | { readonly say: 'measured'; readonly id: number; readonly measurements: Measurements }

/** And what it is told. */
export type ToChild =
  | { readonly say: 'close' }
  | { readonly say: 'measure'; readonly id: number }
  | { readonly say: 'metrics'; readonly id: number; readonly text: string }

/** How many processes serve on the port: several are several nodes, which hear of each other by Redis; without it there is one. */
export function processesOf({
  webConcurrency,
  redisUrl,
}: Pick<Config, 'webConcurrency' | 'redisUrl'>): number {
  return redisUrl === null ? 1 : webConcurrency
}
