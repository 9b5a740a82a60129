import { createHmac, timingSafeEqual } from 'node:crypto'

const toleranceSeconds = 300

/** `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`: the header `X-Lectern-Signature`. */
export function signBody(body: Buffer, secret: string, at: Date): string {
  const seconds = Math.floor(at.getTime() / 1_000)
  return `t=${seconds},v1=${digestOf(body, secret, String(seconds)).toString('hex')}`
}

/** Whether the header is a signature of this very body with this secret, made within five minutes of `at`. */
export function isSignatureOf(
  header: string | readonly string[] | undefined,
  body: Buffer,
  secret: string,
  at: Date,
): boolean {
  if (typeof header !== 'string') return false
  const match = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header.trim())
  if (!match) return false
  const [, seconds = '', signature = ''] = match
  if (Math.abs(at.getTime() / 1_000 - Number(seconds)) > toleranceSeconds) return false
  return timingSafeEqual(Buffer.from(signature, 'hex'), digestOf(body, secret, seconds))
}

function digestOf(body: Buffer, secret: string, seconds: string): Buffer {
  return createHmac('sha256', secret).update(`${seconds}.`).update(body).digest()
}
