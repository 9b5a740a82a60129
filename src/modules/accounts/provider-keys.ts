import {
  type CryptoKey,
  createLocalJWKSet,
  errors,
  type FlattenedJWSInput,
  type JSONWebKeySet,
  type JWSHeaderParameters,
  type LocalJWKSet,
} from 'jose'
import type { Log } from '../../platform/log.ts'
import { askProvider, providerFailed } from './provider-answers.ts'

const renewAfterMs = 10 * 60_000
const oldestMs = 24 * 60 * 60_000
const cooldownMs = 30_000
const pauseAfterFailureMs = 5_000

export interface ProviderKeys {
  /** Changes with the keys: what was verified with former ones must be verified again. */
  version(): number
  /**
   * The key that a token names.
   * @throws errors.JOSEError where there is none; Refusal 502 where the provider cannot be asked
   */
  find(at: Date, header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey>
}

/**
 * A provider's signing keys (RFC 7517), fetched on first use. An unknown key asks for them again, at most every 30 seconds, so
 * that keys rotate without a restart and made-up ones do not flood the provider; every ten minutes they are renewed in the
 * background, and the known ones serve for a day while the provider is away. jose's own remote set goes by the wall clock.
 * @param locate the address of the key set
 */
export function createProviderKeys(log: Log, locate: () => Promise<string>): ProviderKeys {
  let keys: LocalJWKSet | null = null
  let known = ''
  let version = 0
  let loadedAt = 0
  let triedAt = 0
  let failed = false
  let loading: Promise<void> | null = null

  async function fetchKeys(): Promise<void> {
    const url = await locate()
    const { status, body } = await askProvider(log, url)
    try {
      const next = createLocalJWKSet(body as JSONWebKeySet)
      const text = JSON.stringify(body)
      if (text !== known) version++
      keys = next
      known = text
    } catch (error) {
      log.warn({ err: error, url, status }, 'the identity provider has no usable key set there')
      throw providerFailed()
    }
  }

  async function reload(now: number): Promise<void> {
    if (failed && now - triedAt < pauseAfterFailureMs) throw providerFailed()
    triedAt = now
    failed = true
    await fetchKeys()
    failed = false
    loadedAt = now
  }

  function load(now: number): Promise<void> {
    loading ??= reload(now).finally(() => {
      loading = null
    })
    return loading
  }

  return {
    version: () => version,
    async find(at, header, token) {
      const now = at.getTime()
      if (!keys || now - loadedAt > oldestMs) await load(now)
      else if (now - loadedAt > renewAfterMs) load(now).catch(() => undefined)
      try {
        return await current()(header, token)
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
        if (!failed && now - triedAt < cooldownMs) throw error
        await load(now)
        return current()(header, token)
      }
    },
  }

  function current() {
    if (!keys) throw providerFailed()
    return keys
  }
}
