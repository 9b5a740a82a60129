import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { Signals } from '../database/signals.ts'
import { tagOf } from './etag.ts'

/** An answer for everybody, and what it is made of: any change of one of these subjects makes it old. */
export interface Page {
  readonly body: unknown
  readonly of: readonly string[]
}

/** What strangers are answered, as bytes in memory: a hit costs no SQL and no serializing. */
export interface Pages {
  /**
   * Answers a GET from memory by its address, or makes the answer and keeps it. Only what everybody gets alike may come here.
   * @param make reads what to answer; what it throws is kept of nobody
   */
  answer(request: FastifyRequest, reply: FastifyReply, make: () => Promise<Page>): Promise<FastifyReply>
}

interface Entry {
  readonly bytes: Buffer
  readonly tag: string
  readonly of: readonly string[]
  /** How many changes had been told when its reading began. */
  readonly after: number
}

const topic = 'page.changed'
/** The subject that stands for every other. */
const everything = 'all'
const mostSubjects = 10_000
const entryOverhead = 500

/**
 * Keeps pages exact by signals: those of this process come before its `transact` resolves, those of others within moments. A page is
 * good while nothing it is made of was told to have changed since its reading began, so one that was read before a commit is not used
 * after it, whenever the reading ends. While signals may be missed nothing is answered from here.
 * @param options.mostBytes that pages may take together; the ones that nobody asks for make room
 */
export async function createPages(options: { signals: Signals; mostBytes?: number }): Promise<Pages> {
  const { signals, mostBytes = 32 * 1024 * 1024 } = options
  const entries = new LRUCache<string, Entry>({
    maxSize: mostBytes,
    maxEntrySize: mostBytes / 16,
    sizeCalculation: ({ bytes }, key) => bytes.length + 2 * key.length + entryOverhead,
  })
  const changed = new Map<string, number>()
  let changes = 0
  let oldest = 0

  function forget(subject: string): void {
    changes++
    changed.set(subject, changes)
    if (subject !== everything && changed.size < mostSubjects) return
    oldest = changes
    changed.clear()
  }

  function isGood({ after, of }: Entry): boolean {
    return after >= oldest && of.every((subject) => (changed.get(subject) ?? 0) <= after)
  }

  signals.on(topic, forget)
  await signals.onConnect(async () => forget(everything))

  return {
    async answer(request, reply, make) {
      const key = request.url
      const kept = signals.connected() ? entries.get(key) : undefined
      if (kept && isGood(kept)) return send(reply, kept)
      const after = changes
      const { body, of } = await make()
      const bytes = Buffer.from(reply.serialize(body) as string)
      const entry = { bytes, tag: tagOf(bytes), of, after }
      if (isGood(entry)) entries.set(key, entry)
      return send(reply, entry)
    },
  }
}

function send(reply: FastifyReply, { bytes, tag }: Entry): FastifyReply {
  return reply.type('application/json; charset=utf-8').header('etag', tag).send(bytes)
}
