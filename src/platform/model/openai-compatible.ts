import type { LanguageModel, TextStreamPart, ToolSet } from 'ai'
import { type Model, ModelFailure, type ModelUsage } from './model.ts'

export interface OpenAiSettings {
  /** Such as `https://api.openai.com/v1`: what comes before `/chat/completions`. */
  readonly baseUrl: string
  /** Sent as a bearer; null where the service wants none. */
  readonly apiKey: string | null
  readonly model: string
  /** How long one answer may take, to its end. */
  readonly longestMs: number
  /** How much of one answer is read from the network. */
  readonly mostBytes: number
}

/**
 * A model behind the Chat Completions API of OpenAI (https://platform.openai.com/docs/api-reference/chat), which other services and
 * local servers speak too. The answer is always streamed. Neither a temperature, a limit of tokens nor a format of the answer is asked
 * for: what one service needs of those, another refuses. The libraries are loaded with the first request.
 */
export function createOpenAiModel(settings: OpenAiSettings): Model {
  let loading: Promise<Client> | undefined
  return {
    name: settings.model,
    async *ask({ instructions, material, mostCharacters, signal }) {
      const tooLong = AbortSignal.timeout(settings.longestMs)
      const done = new AbortController()
      let characters = 0
      try {
        loading ??= load(settings)
        const abortSignal = AbortSignal.any([signal, tooLong, done.signal])
        for await (const part of (await loading).stream({ instructions, material, abortSignal })) {
          if (part.type === 'text-delta') {
            characters += part.text.length
            if (characters > mostCharacters) throw new ModelFailure('broken')
            yield part.text
          } else if (part.type === 'error') throw part.error
          else if (part.type === 'finish') return usageOf(part)
        }
        throw new ModelFailure('broken')
      } catch (error) {
        if (signal.aborted) throw new ModelFailure('aborted')
        if (tooLong.aborted) throw new ModelFailure('timeout')
        throw failureOf(error)
      } finally {
        done.abort()
      }
    },
  }
}

interface Client {
  stream(request: {
    instructions: string
    material: string
    abortSignal: AbortSignal
  }): AsyncIterable<TextStreamPart<ToolSet>>
}

async function load(settings: OpenAiSettings): Promise<Client> {
  const { streamText, wrapLanguageModel, extractReasoningMiddleware } = await import('ai')
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
  // The console is not the library's to write to.
  globalThis.AI_SDK_LOG_WARNINGS = false
  const provider = createOpenAICompatible({
    name: 'model',
    baseURL: settings.baseUrl,
    ...(settings.apiKey === null ? {} : { apiKey: settings.apiKey }),
    includeUsage: true,
    fetch: boundedFetch(settings.mostBytes),
  })
  // Some local servers put what the model thinks in front of what it says.
  const model: LanguageModel = wrapLanguageModel({
    model: provider.chatModel(settings.model),
    middleware: extractReasoningMiddleware({ tagName: 'think' }),
  })
  return {
    stream: ({ instructions, material, abortSignal }) =>
      streamText({
        model,
        instructions,
        prompt: material,
        maxRetries: 0,
        abortSignal,
        telemetry: { isEnabled: false },
        // Without one, errors go to the console, the request in them.
        onError: () => undefined,
      }).stream,
  }
}

/** Follows no redirect, which would take the key and the material elsewhere, and reads no answer without end. */
function boundedFetch(mostBytes: number): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, { ...init, redirect: 'error' })
    let left = mostBytes
    const bounded = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        left -= chunk.byteLength
        if (left < 0) controller.error(new ModelFailure('broken'))
        else controller.enqueue(chunk)
      },
    })
    const { status, statusText, headers } = response
    return new Response(response.body?.pipeThrough(bounded) ?? null, { status, statusText, headers })
  }
}

function usageOf({
  finishReason,
  totalUsage,
}: Extract<TextStreamPart<ToolSet>, { type: 'finish' }>): ModelUsage {
  // Cut off by a limit, filtered, or a call of a tool that there is not.
  if (finishReason !== 'stop') throw new ModelFailure('broken')
  return { inputTokens: totalUsage.inputTokens ?? 0, outputTokens: totalUsage.outputTokens ?? 0 }
}

/** The errors of the library hold the request and the answer; of them only this much is kept. */
function failureOf(error: unknown): ModelFailure {
  if (error instanceof ModelFailure) return error
  if (error instanceof TypeError) return new ModelFailure('unavailable')
  const { statusCode, responseHeaders = {} } = error as {
    statusCode?: number
    responseHeaders?: Record<string, string>
  }
  if (isCallError(error) && statusCode === undefined) return new ModelFailure('unavailable')
  if (statusCode === undefined || statusCode < 400) return new ModelFailure('broken')
  if (statusCode === 429) {
    const retryAfterSeconds = secondsIn(responseHeaders['retry-after'])
    return new ModelFailure('busy', { status: statusCode, retryAfterSeconds })
  }
  const fault = statusCode >= 500 || statusCode === 408 ? 'unavailable' : 'refused'
  return new ModelFailure(fault, { status: statusCode })
}

function isCallError(error: unknown): boolean {
  return error instanceof Error && error.name === 'AI_APICallError'
}

/** Of a Retry-After (RFC 9110, 10.2.3) in seconds; a date is taken for none. */
function secondsIn(header: string | undefined): number | null {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) : null
}
