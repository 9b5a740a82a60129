import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Database } from '../database/database.ts'

/** What a check came to: `todo` is what whoever reads it does now, in one line. */
export type Finding =
  | { readonly state: 'ok'; readonly said: string }
  | { readonly state: 'warning' | 'failure'; readonly said: string; readonly todo: string }

/** What checks may look at. */
export interface Checkup {
  readonly config: Config
  readonly clock: Clock
  /** Null where it cannot be asked: the check `database` says why, and the others leave it at that. */
  readonly database: Database | null
}

/** A look at one thing, which changes nothing. Null: it does not concern this school. What it throws is a failure. */
export interface Check {
  readonly name: string
  readonly run: (checkup: Checkup) => Promise<Finding | null>
}

export type Examined = Finding & { readonly check: string }

const patienceMs = 20_000

export const ok = (said: string): Finding => ({ state: 'ok', said })
export const warning = (said: string, todo: string): Finding => ({ state: 'warning', said, todo })
export const failure = (said: string, todo: string): Finding => ({ state: 'failure', said, todo })

/** A check that asks the database. */
export function ofDatabase(
  name: string,
  run: (database: Database, checkup: Checkup) => Promise<Finding | null>,
): Check {
  return { name, run: async (checkup) => (checkup.database ? run(checkup.database, checkup) : null) }
}

/** Runs all of them side by side; what they found, in the order of the checks. */
export async function examine(checks: readonly Check[], checkup: Checkup): Promise<Examined[]> {
  const found = await Promise.all(
    checks.map(async ({ name, run }) => {
      const finding = await inTime(run(checkup)).catch((error: unknown) =>
        failure(reasonOf(error), 'Mend what it says and run this again.'),
      )
      return finding && { check: name, ...finding }
    }),
  )
  return found.filter((finding) => finding !== null)
}

async function inTime<Value>(work: Promise<Value>): Promise<Value> {
  const over = new AbortController()
  const late = wait(patienceMs, undefined, { signal: over.signal }).then(
    () => {
      throw new Error(`There was no answer within ${patienceMs / 1_000} s.`)
    },
    () => work,
  )
  return Promise.race([work, late]).finally(() => over.abort())
}

/** The text of an error, on one line; a failed connection to several addresses has none of its own. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join('; ')
  const text = error instanceof Error ? error.message || error.name : String(error)
  return text.replaceAll(/\s+/g, ' ').trim()
}

/** An address as it may be shown: without what signs in. */
export function shownAddress(url: string): string {
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`
}
