import { createHmac, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Faults } from './settings.ts'

export interface Secrets {
  readonly accessToken: readonly string[]
  /** Signs what the payment simulator sends; null in production where it is not given. */
  readonly simulatorWebhook: string | null
}

const shortest = 32

/**
 * The secrets given by the environment, or, outside production, ones generated on the first start and kept in
 * `folder/secrets.json` (readable by the owner alone), so that tokens stay valid over restarts.
 * @param options.keep false where nothing may be written: those that are not there yet are forgotten with the process
 */
export function readSecrets(options: {
  production: boolean
  folder: string
  given: Secrets
  faults: Faults
  keep: boolean
}): Secrets {
  const { production, folder, given, faults, keep } = options
  if (given.accessToken.some((secret) => secret.length < shortest)) {
    faults.add(
      'ACCESS_TOKEN_SECRET',
      `must have at least ${shortest} characters: openssl rand -base64 48 makes a good one`,
    )
  }
  if (production) {
    if (given.accessToken.length === 0)
      faults.add('ACCESS_TOKEN_SECRET', 'must be set in production: openssl rand -base64 48 makes a good one')
    return given
  }
  const [first] = given.accessToken
  const kept = first === undefined ? generated(folder, keep) : complete(first)
  return {
    accessToken: first === undefined ? [kept.accessToken] : given.accessToken,
    simulatorWebhook: given.simulatorWebhook ?? kept.simulatorWebhook,
  }
}

interface Kept {
  readonly accessToken: string
  readonly simulatorWebhook: string
}

/** Made of the other secret, so that all nodes that share that one agree without a word. */
function complete(accessToken: string): Kept {
  const simulatorWebhook = createHmac('sha256', accessToken).update('simulator webhook').digest('base64url')
  return { accessToken, simulatorWebhook }
}

function generated(folder: string, keep: boolean): Kept {
  const file = join(folder, 'secrets.json')
  const known = readKnown(file)
  if (known) return known
  const made = complete(randomBytes(48).toString('base64url'))
  if (!keep) return made
  mkdirSync(folder, { recursive: true })
  try {
    writeFileSync(file, JSON.stringify(made), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    // Another process of the same first start was quicker: its secret is the one.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const secret = readKnown(file)
  if (!secret)
    throw new Error(`${file} is damaged. Delete it: a new one is made, and everybody signs in anew.`)
  return secret
}

function readKnown(file: string): Kept | null {
  try {
    const known = JSON.parse(readFileSync(file, 'utf8')) as Partial<Record<keyof Kept, unknown>> | null
    const accessToken = strong(known?.accessToken)
    if (accessToken === null) return null
    const made = complete(accessToken)
    return { accessToken, simulatorWebhook: strong(known?.simulatorWebhook) ?? made.simulatorWebhook }
  } catch {
    return null
  }
}

function strong(secret: unknown): string | null {
  return typeof secret === 'string' && secret.length >= shortest ? secret : null
}
