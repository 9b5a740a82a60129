import { identityProviderFailed, refuse } from '../../platform/http/refusal.ts'
import type { Log } from '../../platform/log.ts'

const timeoutMs = 5_000

export interface ProviderAnswer {
  readonly status: number
  /** The parsed JSON of a 200, else null. */
  readonly body: unknown
}

/**
 * Asks an identity provider for a JSON document.
 * @param bearer what to authorize with
 * @throws Refusal 502 where it cannot be reached, is overloaded or broken, or does not answer in JSON, within five seconds
 */
export async function askProvider(log: Log, url: string, bearer?: string): Promise<ProviderAnswer> {
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/json', ...(bearer ? { authorization: `Bearer ${bearer}` } : {}) },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const { status } = response
    if (status === 200) return { status, body: await response.json() }
    await response.body?.cancel()
    if (status >= 400 && status < 500 && status !== 429) return { status, body: null }
    throw new Error(`It answered ${status}.`)
  } catch (error) {
    log.warn({ err: error, url }, 'the identity provider did not answer as it should')
    throw providerFailed()
  }
}

export function providerFailed() {
  return refuse(identityProviderFailed, identityProviderFailed.title, { retryAfterSeconds: 5 })
}
