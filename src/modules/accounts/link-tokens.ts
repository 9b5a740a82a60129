import { createHmac, hkdfSync } from 'node:crypto'
import { isSameSecret } from '../../platform/constant-time.ts'
import type { LinkPurpose } from '../../platform/database/schema.ts'
import { isId } from '../../platform/ids.ts'

export interface LinkTokens {
  /** The token of a one-time link's row: its id and a MAC of it. */
  make(purpose: LinkPurpose, id: string): string
  /** The id in a token that was made here for that purpose, else null. Whether the link still works, its row tells. */
  read(purpose: LinkPurpose, token: string): string | null
}

const idLength = 36

/**
 * Tokens of one-time links. What opens a link is neither in the database nor in the queue: it is computed, with HMAC-SHA256
 * (RFC 2104) under a key derived per purpose by HKDF (RFC 5869).
 * @param secrets those of the access tokens: the first makes, all verify
 */
export function createLinkTokens(secrets: readonly string[]): LinkTokens {
  const macsOf = (purpose: LinkPurpose, id: string) =>
    secrets.map((secret) => createHmac('sha256', keyOf(secret, purpose)).update(id).digest('base64url'))
  return {
    make: (purpose, id) => `${id}.${macsOf(purpose, id)[0]}`,
    read(purpose, token) {
      const id = token.slice(0, idLength)
      if (!isId(id) || token[idLength] !== '.') return null
      const given = token.slice(idLength + 1)
      const known = macsOf(purpose, id).map((mac) => isSameSecret(given, mac))
      return known.includes(true) ? id : null
    },
  }
}

function keyOf(secret: string, purpose: LinkPurpose): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `lectern one-time link: ${purpose}`, 32))
}
