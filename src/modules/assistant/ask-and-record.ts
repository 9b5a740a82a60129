import { createHash } from 'node:crypto'
import type { Actor } from '../../platform/actor.ts'
import type { AssistantOutcome, AssistantTask } from '../../platform/database/schema.ts'
import type { Deps } from '../../platform/deps.ts'
import { type Refusal, refuse } from '../../platform/http/refusal.ts'
import { type Model, ModelFailure } from '../../platform/model/model.ts'
import type { Answers } from './answer-signals.ts'
import { ask, type Said } from './ask.ts'
import { aiFailed, aiNotConfigured, askerGone } from './errors.ts'
import { findOutput } from './queries.ts'
import { recordUsage } from './record-usage.ts'
import { reserveUsage } from './reserve-usage.ts'
import type { Task } from './task.ts'

/** With those who wait for answers that others are asking for. */
export type AskingDeps = Deps & { readonly answers: Answers }

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
  deps: AskingDeps,
  actor: Actor,
  task: Task<Content>,
  { signal, fresh = false }: { signal: AbortSignal; fresh?: boolean },
): AsyncGenerator<Said, Output<Content>> {
  const { clock, transact } = deps
  const model = requireModel(deps)
  const { name, aboutUserId } = task
  // Of two people with the same figures each has their own: what is kept of one goes with them.
  const basis = JSON.stringify([name, model.name, aboutUserId, task.basis])
  const key = createHash('sha256').update(basis).digest('hex')
  const question = { key, task: name, model: model.name, fresh }
  const found = await findOrReserve(deps, actor, question, signal)
  if ('kept' in found) {
    const content = found.kept as Content
    if (task.mayShow) yield { delta: content as string }
    return { content, cached: true, inputTokens: 0, outputTokens: 0 }
  }
  const { id } = found
  const tally = { tries: 0, inputTokens: 0, outputTokens: 0 }
  let open = true
  const end = (outcome: AssistantOutcome, { fault, content }: { fault?: string; content?: Content } = {}) => {
    open = false
    const ended = { id, outcome, fault: fault ?? null, ...tally, at: clock.now() }
    const output = content === undefined ? null : { task: name, aboutUserId, content }
    return transact((tx) => recordUsage(tx, ended, { key, output }))
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

/**
 * What is kept of a question, or a reservation to ask it. Where somebody is asking the same, on whatever node, their answer is waited
 * for, and costs nothing; so does their failure. Where they leave, the next one asks.
 */
async function findOrReserve(
  { answers, clock, config, db, transact }: AskingDeps,
  actor: Actor,
  { fresh, ...question }: { key: string; task: AssistantTask; model: string; fresh: boolean },
  signal: AbortSignal,
): Promise<{ readonly kept: unknown } | { readonly id: string }> {
  const { key } = question
  const quota = config.ai.dailyQuota
  let madeSince: Date | null | undefined = fresh ? undefined : null
  for (;;) {
    const kept = madeSince === undefined ? undefined : await findOutput(db, { key, madeSince })
    if (kept) return { kept: kept.content }
    const listening = answers.listen(key)
    try {
      const taken = await transact((tx) => reserveUsage(tx, actor, { ...question, quota, madeSince }))
      if (taken.state === 'reserved') return taken
      if (taken.state === 'answered') continue
      const outcome = await listening.outcome(taken.until.getTime() - clock.now().getTime(), signal)
      if (signal.aborted) throw refuse(askerGone)
      if (outcome === 'failed') throw refuse(aiFailed)
    } finally {
      listening.stop()
    }
    // Asked for after this request came, it is fresh.
    if (fresh) madeSince = actor.at
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
