import type { ErrorCode, LecternError } from './errors.ts'

/** A page of a list; `nextCursor` is null on the last. */
export interface Page<Item> {
  items: Item[]
  nextCursor: string | null
}

/** How a call ended, as a value: check `error`, and `data` is there. */
export type Result<Data, Code extends string> =
  | { readonly data: Data; readonly error: null }
  | { readonly data: null; readonly error: LecternError<Code> }

/**
 * A request under way. Awaited it gives the data or throws a {@link LecternError}; `.safe()` never throws, and its error's `code` is typed with
 * what this operation may be refused with.
 */
export interface Call<Data, Code extends string = ErrorCode> extends Promise<Data> {
  safe(): Promise<Result<Data, Code>>
}

/** What every method takes as its last argument. */
export interface CallOptions {
  /** Gives the request up: `aborted`. */
  readonly signal?: AbortSignal | undefined
  /** How long one attempt may take; 30,000 if not said, 0: as long as it takes, which is usual for files. */
  readonly timeoutMs?: number | undefined
  /** How often it is tried again, if it may be; 2 if not said. */
  readonly retries?: number | undefined
  /** Instead of one that is made for each call, where the operation takes one: that of an attempt before a restart. */
  readonly idempotencyKey?: string | undefined
  /** The `ETag` or version that was read (`If-Match`): 412 `stale` where it has changed since. */
  readonly ifMatch?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** Gives a promise its `.safe()`. */
export function callOf<Data>(promise: Promise<Data>): Call<Data, string> {
  return Object.assign(promise, {
    safe: () =>
      promise.then(
        (data) => ({ data, error: null }) as const,
        (error: LecternError<string>) => ({ data: null, error }) as const,
      ),
  })
}
