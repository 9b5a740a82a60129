/**
 * A UUIDv4 (RFC 9562). `randomUUID` is not there in React Native and on pages without TLS; what it is for, keys of messages and requests of
 * one person, needs to be unique, not secret.
 */
export function newKey(): string {
  const { crypto } = globalThis
  if (typeof crypto?.randomUUID === 'function') return crypto.randomUUID()
  const bytes = new Uint8Array(16).map(() => Math.floor(Math.random() * 256))
  if (typeof crypto?.getRandomValues === 'function') crypto.getRandomValues(bytes)
  bytes[6] = ((bytes[6] ?? 0) & 15) | 64
  bytes[8] = ((bytes[8] ?? 0) & 63) | 128
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
