import type { RefusalKind } from '../../platform/http/refusal.ts'

export const emailTaken: RefusalKind = {
  status: 409,
  code: 'email_taken',
  title: 'Somebody has registered with this e-mail address. Sign in, or reset the password.',
}
export const roleClosed: RefusalKind = {
  status: 403,
  code: 'forbidden',
  title: 'One cannot register in this role here.',
}
export const invalidCredentials: RefusalKind = {
  status: 401,
  code: 'invalid_credentials',
  title: 'The e-mail address and the password do not belong together.',
}
export const accountSuspended: RefusalKind = {
  status: 403,
  code: 'account_suspended',
  title: 'This account is suspended. Ask the school.',
}
export const refreshTokenReused: RefusalKind = {
  status: 401,
  code: 'refresh_token_reused',
  title: 'This refresh token was used before. All its sessions have ended: sign in again.',
}
