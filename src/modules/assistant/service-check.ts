import { type Check, failure, ok, reasonOf, shownAddress, warning } from '../../platform/doctor/check.ts'

const patienceMs = 5_000
const namedAtMost = 5

/** Asks for the list of models (https://platform.openai.com/docs/api-reference/models/list), which costs nothing: is it there, does it take the key, has it the model? */
export const serviceCheck: Check = {
  name: 'assistant',
  async run({ config }) {
    const { baseUrl, apiKey, model } = config.ai
    if (baseUrl === null || model === null) return null
    const address = shownAddress(baseUrl)
    try {
      const response = await fetch(`${baseUrl}/models`, {
        headers: apiKey === null ? {} : { authorization: `Bearer ${apiKey}` },
        redirect: 'manual',
        signal: AbortSignal.timeout(patienceMs),
      })
      const names = response.ok ? namesIn(await response.json().catch(() => null)) : null
      return judge({ address, status: response.status, names, model })
    } catch (error) {
      const reason = error instanceof TypeError && error.cause ? error.cause : error
      return failure(
        `${address} does not answer: ${reasonOf(reason)}.`,
        'Start the service, or mend AI_BASE_URL; until then the assistant answers 502.',
      )
    }
  },
}

function judge(answer: { address: string; status: number; names: readonly string[] | null; model: string }) {
  const { address, status, names, model } = answer
  if (status === 401 || status === 403)
    return failure(
      `${address} does not take the key (${status}).`,
      'Set AI_API_KEY to a key of that service.',
    )
  if (status >= 500 || status === 429)
    return failure(`${address} answers with ${status}.`, 'See how the service is, or what its limits are.')
  if (names === null)
    return warning(
      `${address} answers, but lists no models (${status}).`,
      'See that AI_BASE_URL is what comes before /chat/completions, and ask for a summary.',
    )
  if (!names.includes(model))
    return warning(
      `${address} does not list ${model}.`,
      `Set AI_MODEL to one that it has: ${names.slice(0, namedAtMost).join(', ') || 'it lists none'}.`,
    )
  return ok(`${address} answers, and has ${model}.`)
}

/** Null where it is no such list. */
function namesIn(body: unknown): readonly string[] | null {
  const { data } = (body ?? {}) as { data?: unknown }
  if (!Array.isArray(data)) return null
  return data.flatMap((entry: { id?: unknown } | null) => (typeof entry?.id === 'string' ? [entry.id] : []))
}
