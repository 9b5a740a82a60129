import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Faults } from './settings.ts'

export interface Secrets {
  readonly accessToken: readonly string[]
}

const shortest = 32

/**
 * The secrets given by the environment, or, outside production, ones generated on the first start and kept in
 * `folder/secrets.json` (readable by the owner alone), so that tokens stay valid over restarts.
 */
export function readSecrets(options: {
  production: boolean
  folder: string
  given: Secrets
  faults: Faults
}): Secrets {
  const { production, folder, given, faults } = options
  if (given.accessToken.some((secret) => secret.length < shortest)) {
    faults.add(
      'ACCESS_TOKEN_SECRET',
      `must have at least ${shortest} characters: openssl rand -base64 48 makes a good one`,
    )
  }
  if (given.accessToken.length > 0) return given
  if (production) {
    faults.add('ACCESS_TOKEN_SECRET', 'must be set in production: openssl rand -base64 48 makes a good one')
    return given
  }
  return { accessToken: [generated(folder)] }
}

function generated(folder: string): string {
  const file = join(folder, 'secrets.json')
  const known = readKnown(file)
  if (known) return known
  mkdirSync(folder, { recursive: true })
  try {
    const made = JSON.stringify({ accessToken: randomBytes(48).toString('base64url') })
    writeFileSync(file, made, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    // Another process of the same first start was quicker: its secret is the one.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const secret = readKnown(file)
  if (!secret)
    throw new Error(`${file} is damaged. Delete it: a new one is made, and everybody signs in anew.`)
  return secret
}

function readKnown(file: string): string | null {
  try {
    const known: unknown = JSON.parse(readFileSync(file, 'utf8'))
    const secret = known && typeof known === 'object' && 'accessToken' in known ? known.accessToken : null
    return typeof secret === 'string' && secret.length >= shortest ? secret : null
  } catch {
    return null
  }
}
