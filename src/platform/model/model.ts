/** What a language model is asked. */
export interface ModelRequest {
  /** The task, in words of ours only. */
  readonly instructions: string
  /** What the task is about. It may be written by anybody. */
  readonly material: string
  /** The longest answer that is read; a longer one is `broken`. */
  readonly mostCharacters: number
  /** Ends the request: nobody waits for the answer any more. */
  readonly signal: AbortSignal
}

/** In tokens, as the service counts them; 0 where it does not say. */
export interface ModelUsage {
  readonly inputTokens: number
  readonly outputTokens: number
}

/**
 * Why there is no answer: `timeout`, it took too long; `busy`, the service takes no more for now (429); `refused`, it does not take the
 * request, such as for a wrong key (any other 4xx); `unavailable`, it is away or failed (5xx, no connection, a redirect); `broken`, what
 * came is no answer, not a whole one, or endless; `aborted`, by the request's signal.
 */
export type ModelFault = 'timeout' | 'busy' | 'refused' | 'unavailable' | 'broken' | 'aborted'

/** A request without an answer. It holds nothing of what was asked or answered, so that it may be logged. */
export class ModelFailure extends Error {
  readonly fault: ModelFault
  /** Of the answer, if there was one. */
  readonly status: number | null
  /** How long a busy service asks to wait; null where it does not say. */
  readonly retryAfterSeconds: number | null

  constructor(fault: ModelFault, details: { status?: number; retryAfterSeconds?: number | null } = {}) {
    super(`the model gave no answer: ${fault}`)
    this.name = 'ModelFailure'
    this.fault = fault
    this.status = details.status ?? null
    this.retryAfterSeconds = details.retryAfterSeconds ?? null
  }
}

/** A language model somewhere else. */
export interface Model {
  /** As the service calls it. */
  readonly name: string
  /**
   * Asks once and yields the answer as it comes; it is read from the network no faster than from here.
   * @returns what it took, once the answer is whole
   * @throws ModelFailure and nothing else
   */
  ask(request: ModelRequest): AsyncGenerator<string, ModelUsage>
}
