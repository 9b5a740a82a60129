import type { Tx } from '../../platform/database/database.ts'
import type { AssistantOutcome } from '../../platform/database/schema.ts'
import { type Signals, signal as sendSignal } from '../../platform/database/signals.ts'

const topic = 'assistant.asked'

/** Tells all nodes with the commit what became of a question. */
export function announceAnswer(tx: Tx, key: string, outcome: AssistantOutcome): Promise<void> {
  return sendSignal(tx, topic, `${outcome} ${key}`)
}

/** Those who wait for the answer to a question that somebody else is asking. */
export interface Answers {
  /** Begins to hear what becomes of a question: before it is looked whether somebody asks it, so that nothing is missed. */
  listen(key: string): Listening
}

export interface Listening {
  /**
   * What became of it; null where that may have been missed, where the time is over, or where nobody waits any more.
   * @param signal that nobody waits any more
   */
  outcome(withinMs: number, signal: AbortSignal): Promise<AssistantOutcome | null>
  /** It is heard no more. */
  stop(): void
}

export function hearAnswers(signals: Signals): Answers {
  const listening = new Map<string, Set<(outcome: AssistantOutcome | null) => void>>()
  signals.on(topic, (text) => {
    const [outcome = '', key = ''] = text.split(' ')
    for (const hear of listening.get(key) ?? []) hear(outcome as AssistantOutcome)
  })
  void signals.onConnect(async () => {
    for (const hearers of listening.values()) for (const hear of hearers) hear(null)
  })
  return {
    listen(key) {
      const { promise, resolve } = Promise.withResolvers<AssistantOutcome | null>()
      const hearers = listening.get(key) ?? new Set()
      listening.set(key, hearers.add(resolve))
      return {
        async outcome(withinMs, signal) {
          const over = () => resolve(null)
          const timer = setTimeout(over, withinMs)
          signal.addEventListener('abort', over)
          if (signal.aborted) over()
          try {
            return await promise
          } finally {
            clearTimeout(timer)
            signal.removeEventListener('abort', over)
          }
        },
        stop() {
          hearers.delete(resolve)
          if (hearers.size === 0 && listening.get(key) === hearers) listening.delete(key)
        },
      }
    },
  }
}
