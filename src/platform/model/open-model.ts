import type { Config } from '../config.ts'
import type { Model } from './model.ts'
import { createOpenAiModel } from './openai-compatible.ts'

const longestMs = 120_000
// Each piece of an answer comes in a few hundred bytes of its own.
const mostBytes = 4_000_000

/** The model that is configured, or null. It connects to nothing before it is asked. */
export function openModel({ baseUrl, apiKey, model }: Config['ai']): Model | null {
  if (baseUrl === null || model === null) return null
  return createOpenAiModel({ baseUrl, apiKey, model, longestMs, mostBytes })
}
