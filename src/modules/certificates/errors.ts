import type { RefusalKind } from '../../platform/http/refusal.ts'

export const certificateRevoked: RefusalKind = {
  status: 409,
  code: 'certificate_revoked',
  title: 'This certificate was revoked: there is nothing to download.',
}
