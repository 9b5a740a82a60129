import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from '../actor.ts'
import type { Transact, Tx } from '../database/database.ts'
import { badField, type RefusalKind, refuse } from './refusal.ts'

export const idempotencyMismatch: RefusalKind = {
  status: 409,
  code: 'idempotency_mismatch',
  title: 'This Idempotency-Key was used for another request.',
}

/** What of a request tells it from another; of a body that is a stream, a digest of it. */
export type RepeatableRequest = Pick<FastifyRequest, 'method' | 'url' | 'headers' | 'body'>

interface Answer<Body> {
  readonly status: number
  readonly body: Body
}

/**
 * Runs a write once per `Idempotency-Key` (IETF draft-ietf-httpapi-idempotency-key-header): the key's row is inserted first and
 * the answer is stored in the same transaction, so that a repeat, even a simultaneous one, waits and gets the first answer. A
 * refusal rolls everything back and may be tried again. Without the header it is a plain transaction.
 */
export async function transactOnce<Body>(
  transact: Transact,
  actor: Actor,
  request: RepeatableRequest,
  reply: FastifyReply,
  work: (tx: Tx) => Promise<Answer<Body>>,
): Promise<Body> {
  const key = readKey(request)
  const answer = await transact(async (tx) => {
    if (key === null) return work(tx)
    const first = await claim(tx, actor, key, fingerprintOf(request))
    // stored as it was sent: the same shape, its times as text
    if (first) return first as Answer<Body>
    const made = await work(tx)
    await tx
      .updateTable('idempotency_keys')
      .set({ status: made.status, response: JSON.stringify(made.body) })
      .where('user_id', '=', actor.userId)
      .where('key', '=', key)
      .execute()
    return made
  })
  reply.code(answer.status)
  return answer.body
}

function readKey(request: RepeatableRequest): string | null {
  const key = request.headers['idempotency-key']
  if (key === undefined) return null
  if (typeof key !== 'string' || key.length === 0 || key.length > 255) {
    throw badField('/Idempotency-Key', 'must have 1 to 255 characters')
  }
  return key
}

function fingerprintOf(request: RepeatableRequest): string {
  const said = JSON.stringify([request.method, request.url, request.body ?? null])
  return createHash('sha256').update(said).digest('hex')
}

async function claim(
  tx: Tx,
  actor: Actor,
  key: string,
  fingerprint: string,
): Promise<Answer<unknown> | null> {
  const claimed = await tx
    .insertInto('idempotency_keys')
    .values({ user_id: actor.userId, key, fingerprint, created_at: actor.at })
    .onConflict((conflict) => conflict.doNothing())
    .returning('key')
    .executeTakeFirst()
  if (claimed) return null
  const first = await tx
    .selectFrom('idempotency_keys')
    .select(['fingerprint', 'status', 'response'])
    .where('user_id', '=', actor.userId)
    .where('key', '=', key)
    .executeTakeFirstOrThrow()
  if (first.fingerprint !== fingerprint) throw refuse(idempotencyMismatch)
  return { status: first.status ?? 200, body: first.response }
}

/** Forgets the keys of requests before a time; a repeat after that counts as new. */
export async function deleteOldKeys(tx: Tx, before: Date): Promise<void> {
  await tx.deleteFrom('idempotency_keys').where('created_at', '<', before).execute()
}
