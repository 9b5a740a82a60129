import { createHash } from 'node:crypto'
import type { Actor } from '../../platform/actor.ts'
import type { AssistantOutcome } from '../../platform/database/schema.ts'
import type { Deps } from '../../platform/deps.ts'
import { type Refusal, refuse } from '../../platform/http/refusal.ts'
import { type Model, ModelFailure } from '../../platform/model/model.ts'
import { ask, type Said } from './ask.ts'
import { aiFailed, aiNotConfigured, askerGone } from './errors.ts'
import { findOutput } from './queries.ts'
import { recordUsage } from './record-usage.ts'
import { reserveUsage } from './reserve-usage.ts'
import type { Task } from './task.ts'

export interface Output<Content> {
  readonly content: Content
  /** It was made before, and cost nothing now. */
  readonly cached: boolean
  readonly inputTokens: number
  readonly outputTokens: number
}

/** The model, before anything else is looked at. @throws Refusal 503 `ai_not_configured` */
export function requireModel({ model }: Deps): Model {
  if (!model) throw refuse(aiNotConfigured)
  return model
}

/**
 * What the model makes of a task for a person: kept from before, or asked for now within their quota. The network is between two
 * transactions, of which the first takes a place in the quota and the second says what became of it.
 * @param signal that the person waits no more, and the model need not go on
 * @param fresh not what is kept: it takes its place
 * @throws Refusal 429 `rate_limited`, 502 `ai_failed`
 */
export async function* askAndRecord<Content>(
  deps: Deps,
  actor: Actor,
  task: Task<Content>,
  { signal, fresh = false }: { signal: AbortSignal; fresh?: boolean },
): AsyncGenerator<Said, Output<Content>> {
  const { clock, db, transact } = deps
  const model = requireModel(deps)
  const { name, aboutUserId } = task
  // Of two people with the same figures each has their own: what is kept of one goes with them.
  const basis = JSON.stringify([name, model.name, aboutUserId, task.basis])
  const key = createHash('sha256').update(basis).digest('hex')
  const kept = fresh ? undefined : await findOutput(db, key)
  if (kept) {
    if (task.mayShow) yield { delta: kept.content as string }
    return { content: kept.content as Content, cached: true, inputTokens: 0, outputTokens: 0 }
  }
  const quota = deps.config.ai.dailyQuota
  const id = await transact((tx) => reserveUsage(tx, actor, { task: name, model: model.name, quota }))
  const tally = { tries: 0, inputTokens: 0, outputTokens: 0 }
  let open = true
  const end = (outcome: AssistantOutcome, { fault, content }: { fault?: string; content?: Content } = {}) => {
    open = false
    const ended = { id, outcome, fault: fault ?? null, ...tally, at: clock.now() }
    const output = content === undefined ? null : { key, task: name, aboutUserId, content }
    return transact((tx) => recordUsage(tx, ended, output))
  }
  try {
    const content = yield* ask(model, task, { tally, signal })
    if ((await end('answered', { content })) !== 'answered') throw new ModelFailure('timeout')
    const { inputTokens, outputTokens } = tally
    return { content, cached: false, inputTokens, outputTokens }
  } catch (error) {
    if (!(error instanceof ModelFailure)) throw error
    const { fault } = error
    // Who leaves just before the end has read it all: that counts.
    if (open) await (fault === 'aborted' ? end('left') : end('failed', { fault }))
    throw failed(deps, error, name)
  } finally {
    if (open) await end('left')
  }
}

function failed({ log }: Deps, { fault, status, retryAfterSeconds }: ModelFailure, task: string): Refusal {
  if (fault === 'aborted') return refuse(askerGone)
  log.warn({ task, fault, status }, 'the model gave no usable answer')
  const most = 3_600
  return refuse(
    aiFailed,
    aiFailed.title,
    retryAfterSeconds === null ? {} : { retryAfterSeconds: Math.min(retryAfterSeconds, most) },
  )
}

/** The end of it, for one who wants it whole. */
export async function wholeOf<Content>(
  answer: AsyncGenerator<Said, Output<Content>>,
): Promise<Output<Content>> {
  for (;;) {
    const next = await answer.next()
    if (next.done) return next.value
  }
}
