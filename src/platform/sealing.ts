import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const ivBytes = 12
const tagBytes = 16

/**
 * Encrypts what lies in the database, so that a stolen backup cannot sign: AES-256-GCM under a key derived from a secret of the
 * configuration (HKDF, RFC 5869).
 * @param purpose what is sealed, for ever in these words: what was sealed for one purpose does not open for another
 */
export function seal(plain: Uint8Array, secret: string, purpose: string): Buffer {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret, purpose), iv)
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** What was sealed under one of these secrets; null where none of them opens it. */
export function unseal(sealed: Buffer, secrets: readonly string[], purpose: string): Buffer | null {
  const iv = sealed.subarray(0, ivBytes)
  const body = sealed.subarray(ivBytes, -tagBytes)
  for (const secret of secrets) {
    try {
      const decipher = createDecipheriv('aes-256-gcm', keyOf(secret, purpose), iv)
      decipher.setAuthTag(sealed.subarray(-tagBytes))
      return Buffer.concat([decipher.update(body), decipher.final()])
    } catch {
      // Sealed under another one.
    }
  }
  return null
}

function keyOf(secret: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', purpose, 32))
}
