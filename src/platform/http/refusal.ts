/** One bad field: `path` is a JSON Pointer (RFC 6901) into the body, or `/name` of a parameter. */
export interface FieldFault {
  readonly path: string
  readonly message: string
}

/** A way in which a request may be refused: the status and the stable code that clients rely on, and words for people. */
export interface RefusalKind {
  readonly status: number
  readonly code: string
  readonly title: string
}

export interface RefusalDetails {
  readonly errors?: readonly FieldFault[]
  /** Members beside the standard ones (RFC 9457, section 3.2), such as what comes first. */
  readonly members?: Readonly<Record<string, unknown>>
  readonly retryAfterSeconds?: number
}

/** Thrown by use cases; the HTTP edge turns it into a problem document, a job lets it fail. Nothing was changed. */
export class Refusal extends Error {
  readonly kind: RefusalKind
  readonly details: RefusalDetails

  constructor(kind: RefusalKind, detail: string, details: RefusalDetails = {}) {
    super(detail)
    this.name = 'Refusal'
    this.kind = kind
    this.details = details
  }
}

/** Declares a refusal: `throw refuse(emailTaken, 'Sign in, or reset the password.')`. */
export function refuse(
  kind: RefusalKind,
  detail: string = kind.title,
  details: RefusalDetails = {},
): Refusal {
  return new Refusal(kind, detail, details)
}

export const validationFailed: RefusalKind = {
  status: 400,
  code: 'validation_failed',
  title: 'The request has fields that are missing, unknown or wrong.',
}
export const unauthenticated: RefusalKind = {
  status: 401,
  code: 'unauthenticated',
  title: 'Sign in first: send a valid access token as a bearer.',
}
export const forbidden: RefusalKind = { status: 403, code: 'forbidden', title: 'You may not do this.' }
export const notFound: RefusalKind = {
  status: 404,
  code: 'not_found',
  title: 'There is nothing here, or not for you.',
}
export const tooLarge: RefusalKind = {
  status: 413,
  code: 'payload_too_large',
  title: 'The request is too large.',
}
export const unsupportedMedia: RefusalKind = {
  status: 415,
  code: 'unsupported_media_type',
  title: 'This kind of content is not accepted here.',
}
export const rateLimited: RefusalKind = {
  status: 429,
  code: 'rate_limited',
  title: 'Too many requests. Wait, then try again.',
}
export const identityProviderFailed: RefusalKind = {
  status: 502,
  code: 'identity_provider_failed',
  title: 'The identity provider does not answer as it should. Try again shortly.',
}
export const storeFailed: RefusalKind = {
  status: 502,
  code: 'store_failed',
  title: 'The store of files does not answer as it should. Try again shortly.',
}
export const storeFull: RefusalKind = {
  status: 507,
  code: 'store_full',
  title: 'There is no room for files. Nothing was kept; try again later.',
}
export const internalError: RefusalKind = {
  status: 500,
  code: 'internal_error',
  title: 'Something went wrong on our side. Tell the operator the requestId.',
}
export const overloaded: RefusalKind = {
  status: 503,
  code: 'overloaded',
  title: 'The service is overloaded. Try again shortly.',
}

/** A refusal for one bad field that a schema cannot express. */
export function badField(path: string, message: string): Refusal {
  return refuse(validationFailed, message, { errors: [{ path, message }] })
}
