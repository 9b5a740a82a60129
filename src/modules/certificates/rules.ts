/** Crockford's base 32 (https://www.crockford.com/base32.html): no I, L, O or U, so that nothing is misread. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const codeLength = 26
const codePattern = new RegExp(`^[${alphabet}]{${codeLength}}$`)

/**
 * A code as it is stored: 26 letters and digits.
 * @param bytes 16 random ones: 128 bits
 */
export function codeOf(bytes: Uint8Array): string {
  let rest = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let code = ''
  for (let digit = 0; digit < codeLength; digit++) {
    code = (alphabet[Number(rest % 32n)] ?? '') + code
    rest /= 32n
  }
  return code
}

/** A code as it is read and printed, in groups: `0H4ZK-9T2MQ-R7XWD-3C8VN-P6JS1E`. */
export function formatCode(code: string): string {
  return `${code.slice(0, 5)}-${code.slice(5, 10)}-${code.slice(10, 15)}-${code.slice(15, 20)}-${code.slice(20)}`
}

/** The code that somebody typed: small letters, other groups, O for 0 and I or L for 1 are meant well. Null where it can be none. */
export function readCode(typed: string): string | null {
  const code = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')
  return codePattern.test(code) ? code : null
}

/** What a certificate claims, and its signature covers. */
export interface CertificateClaims {
  readonly school: string
  /** As it is printed. */
  readonly code: string
  readonly holder: string
  readonly course: string
  /** ISO 8601, UTC. */
  readonly issuedAt: string
}

/** The claims as they are signed: JSON without spaces, its members in this order. */
export function claimsText({ school, code, holder, course, issuedAt }: CertificateClaims): string {
  return JSON.stringify({ school, code, holder, course, issuedAt })
}

/** What stands for the name of one who had their data erased. */
export const erasedHolder = 'Deleted user'

/** The address of the public page; with the signed claims behind it the QR code proves itself without asking anybody. */
export function verifyUrl(publicUrl: string, code: string, token?: string): string {
  return `${publicUrl}/verify/${formatCode(code)}${token === undefined ? '' : `#${token}`}`
}

/** The day, as certificates print it: `21 November 2026`. */
export function formatDay(at: Date): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(at)
}
