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
export const identityIncomplete: RefusalKind = {
  status: 401,
  code: 'identity_incomplete',
  title: 'Neither the token nor the identity provider tells an e-mail address, which an account needs.',
}
export const identityProviderNotConfigured: RefusalKind = {
  status: 503,
  code: 'identity_provider_not_configured',
  title: 'No outside identity provider is configured here: sign in with e-mail address and password.',
}
export const linkInvalid: RefusalKind = {
  status: 400,
  code: 'link_invalid',
  title: 'This link does not work: it is unknown, used already or too old. Ask for a new one.',
}
export const lastAdmin: RefusalKind = {
  status: 409,
  code: 'last_admin',
  title: 'This is the last admin. Make somebody else an admin first.',
}
