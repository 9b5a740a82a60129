import { Readable } from 'node:stream'
import { Refusal, refuse, storeFailed, storeFull } from '../http/refusal.ts'
import type { Log } from '../log.ts'
import type { Storage } from './storage.ts'

/**
 * The same store, whose failures (it is away, not let in) are the Refusal 502 `store_failed`, and those of a full disk 507
 * `store_full`, with their cause in the log. What the caller did wrong (RangeError) and what befell the source of a `put` stay as they are.
 */
export function refusingFailures(storage: Storage, log: Log): Storage {
  const failed = (error: unknown) => {
    if (error instanceof RangeError || error instanceof Refusal) return error
    if (isDiskFull(error)) {
      log.error({ err: error }, 'the disk of the store of files is full')
      return refuse(storeFull, storeFull.title, { retryAfterSeconds: 60 })
    }
    log.warn({ err: error }, 'the store of files does not answer as it should')
    return refuse(storeFailed, storeFailed.title, { retryAfterSeconds: 5 })
  }
  async function orRefuse<Answer>(answer: Promise<Answer>): Promise<Answer> {
    try {
      return await answer
    } catch (error) {
      throw failed(error)
    }
  }
  return {
    async put(key, source, options) {
      if (Buffer.isBuffer(source)) return orRefuse(storage.put(key, source, options))
      let broken: { error: unknown } | undefined
      const watched = async function* () {
        const chunks = source[Symbol.asyncIterator]()
        try {
          for (;;) {
            // What the store fails with is thrown in at the yield, and is not the source's.
            const next = await chunks.next().catch((error: unknown) => {
              broken = { error }
              throw error
            })
            if (next.done) return
            yield next.value
          }
        } finally {
          await chunks.return?.()
        }
      }
      try {
        return await storage.put(key, Readable.from(watched(), { objectMode: false }), options)
      } catch (error) {
        throw broken ? broken.error : failed(error)
      }
    },
    open: (key, range) => orRefuse(storage.open(key, range)),
    head: (key) => orRefuse(storage.head(key)),
    link: (key, options) => orRefuse(storage.link(key, options)),
    delete: (key) => orRefuse(storage.delete(key)),
  }
}

/** No room on the disk, or no more of it for this account (POSIX.1-2024, errno.h). */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
}
