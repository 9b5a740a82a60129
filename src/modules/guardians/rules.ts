/** Crockford's base 32 (https://www.crockford.com/base32.html): no I, L, O or U, which are misread. */
export const codeAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** In characters of 5 bits each. */
export const codeLength = 12
export const codesAtOnce = 5
const lifetimeHours = 24

export function expiryOf(madeAt: Date): Date {
  return new Date(madeAt.getTime() + lifetimeHours * 3_600_000)
}

/** As it is shown: in groups of four. */
export function formatCode(code: string): string {
  return code.replace(/.{4}(?=.)/g, '$&-')
}

/** What somebody typed, as it was made: small letters, spaces, dashes and what Crockford's alphabet reads alike are forgiven. */
export function readCode(typed: string): string {
  return typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
}
