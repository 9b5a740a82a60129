import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { Signals } from '../database/signals.ts'
import { tagOf, tagVersion } from './etag.ts'
import { sendJson } from './serialize.ts'

export interface Page {
  /** What the route's schema serializes; bytes and texts are JSON that was made by it already. */
  readonly body: unknown
  /** What it is made of: any change of one of these subjects makes it old. Null: not to be kept, since it holds what ends by itself. */
  readonly of: readonly string[] | null
  /** For `If-Match` (see `tagVersion`). */
  readonly version?: number
}

/** What strangers are answered, as bytes in memory: a hit costs no SQL and no serializing. */
export interface Pages {
  /**
   * Answers a GET from memory by its route, parameters and query, or makes the answer and keeps it. Of one who is signed in nothing is kept.
   * @param make reads what to answer; null where it has answered itself, which is not kept either
   */
  answer(
    request: FastifyRequest,
    reply: FastifyReply,
    make: () => Promise<Page | null>,
  ): Promise<FastifyReply>
  /**
   * Keeps one value that answers are made from, as exact as the pages: it is read when it is asked for and any of its subjects has
   * changed. Who asks while it is being read waits for the same reading.
   */
  keep<Value>(of: readonly string[], read: () => Promise<Value>): () => Promise<Value>
  /**
   * Keeps parts that many answers share, each as JSON by its id, as exact as the pages. The ones that nobody asks for make room.
   * @param of the subjects of which the part of an id is made
   */
  keepParts(of: (id: string) => readonly string[]): Parts
  /**
   * What is kept of a kind by what was asked, as exact as the pages; else reads it, and keeps it. All who name the same kind share it. What
   * nobody asks for makes room. Not to be asked inside a transaction: what is read there is for nobody else.
   */
  recall<Value, Found extends Value | undefined>(
    kind: Kind<Value>,
    asked: string,
    read: () => Promise<Found>,
  ): Promise<Found>
  /** In this process: what is made of this subject is old, as if a signal had told so. */
  forget(subject: string): void
}

/** A kind of values that answers are made from. */
export interface Kind<Value> {
  /** What a value is made of: any change of one of these subjects makes it old. Null: it is not to be kept. */
  readonly of: (value: Value, asked: string) => readonly string[] | null
  /** How much memory a value takes, about. */
  readonly bytesOf: (value: Value) => number
}

/**
 * The parts with these ids, in their order.
 * @param make makes those that are not in memory, by id; one that it leaves out is left out
 */
export type Parts = (
  ids: readonly string[],
  make: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>,
) => Promise<string[]>

interface Kept {
  readonly of: readonly string[]
  /** How many changes had been told when its reading began, or when it was last found good. */
  after: number
}

interface Part {
  readonly json: string
  after: number
}

interface Entry extends Kept {
  readonly bytes: Buffer
  readonly tag: string
}

const topic = 'page.changed'
/** The subject that stands for every other. */
const everything = 'all'
const mostSubjects = 10_000
const entryOverhead = 500
const partOverhead = 200

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
  const kinds = new Map<unknown, LRUCache<string, Kept & { readonly value: unknown }>>()
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

  function isGood(kept: Kept): boolean {
    const { after, of } = kept
    if (after === changes) return true
    if (after < oldest || of.some((subject) => (changed.get(subject) ?? 0) > after)) return false
    kept.after = changes
    return true
  }

  signals.on(topic, forget)
  await signals.onConnect(async () => forget(everything))

  return {
    forget,
    async answer(request, reply, make) {
      if (request.actor !== null) {
        const page = await make()
        return page ? sendOnce(reply, page) : reply
      }
      const key = keyOf(request)
      const kept = signals.connected() ? entries.get(key) : undefined
      if (kept && isGood(kept)) return send(reply, kept)
      const after = changes
      const page = await make()
      if (!page) return reply
      const { of, version } = page
      const json = jsonOf(reply, page)
      const bytes = typeof json === 'string' ? Buffer.from(json) : json
      if (version !== undefined) tagVersion(reply, version)
      const entry = { bytes, tag: tagOf(bytes, reply.getHeader('etag')), of: of ?? [], after }
      if (of && isGood(entry)) entries.set(key, entry)
      return send(reply, entry)
    },
    keep<Value>(of: readonly string[], read: () => Promise<Value>) {
      let kept: (Kept & { readonly value: Promise<Value> }) | undefined
      return () => {
        if (kept && signals.connected() && isGood(kept)) return kept.value
        const reading = { of, after: changes, value: read() }
        kept = reading
        reading.value.catch(() => {
          if (kept === reading) kept = undefined
        })
        return reading.value
      }
    },
    async recall<Value, Found extends Value | undefined>(
      kind: Kind<Value>,
      asked: string,
      read: () => Promise<Found>,
    ) {
      let values = kinds.get(kind)
      if (!values) {
        values = new LRUCache({
          maxSize: mostBytes / 4,
          maxEntrySize: mostBytes / 16,
          sizeCalculation: ({ value }, asked) =>
            kind.bytesOf(value as Value) + 2 * asked.length + partOverhead,
        })
        kinds.set(kind, values)
      }
      const kept = signals.connected() ? values.get(asked) : undefined
      if (kept && isGood(kept)) return kept.value as Found
      const after = changes
      const value = await read()
      const of = value === undefined ? null : kind.of(value, asked)
      if (of && isGood({ of, after })) values.set(asked, { of, after, value })
      return value
    },
    keepParts(of) {
      const parts = new LRUCache<string, Part>({
        maxSize: mostBytes,
        sizeCalculation: ({ json }) => 2 * json.length + partOverhead,
      })
      return async (ids, make) => {
        const after = changes
        const found = new Map<string, string>()
        for (const id of ids) {
          const part = signals.connected() ? parts.get(id) : undefined
          if (!part || (part.after !== changes && !isGood({ of: of(id), after: part.after }))) continue
          part.after = changes
          found.set(id, part.json)
        }
        const missing = ids.filter((id) => !found.has(id))
        const made = missing.length === 0 ? found : await make(missing)
        for (const [id, json] of made) {
          found.set(id, json)
          if (isGood({ of: of(id), after })) parts.set(id, { json, after })
        }
        return ids.flatMap((id) => found.get(id) ?? [])
      }
    },
  }
}

/** What is asked for, however it is written: %66 is f, and the order of the query's fields says nothing. */
function keyOf({ routeOptions, params, query }: FastifyRequest): string {
  const said = Object.entries(query as Readonly<Record<string, unknown>>)
  return JSON.stringify([routeOptions.url, params, said.toSorted(([a], [b]) => (a < b ? -1 : 1))])
}

function jsonOf(reply: FastifyReply, { body }: Page): string | Buffer {
  return typeof body === 'string' || Buffer.isBuffer(body) ? body : (reply.serialize(body) as string)
}

/** Its tag is made when it is sent (see `sayWhatMayBeKept`), but that of bytes. */
function sendOnce(reply: FastifyReply, page: Page): FastifyReply {
  const json = jsonOf(reply, page)
  if (page.version !== undefined) tagVersion(reply, page.version)
  if (typeof json === 'string') return sendJson(reply, json)
  return send(reply, { bytes: json, tag: tagOf(json, reply.getHeader('etag')) })
}

function send(reply: FastifyReply, { bytes, tag }: Pick<Entry, 'bytes' | 'tag'>): FastifyReply {
  return reply.type('application/json; charset=utf-8').header('etag', tag).send(bytes)
}
