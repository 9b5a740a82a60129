import type { RefusalKind } from '../../platform/http/refusal.ts'

export const mediaInUse: RefusalKind = {
  status: 409,
  code: 'media_in_use',
  title: 'The file is used: take it out of the lesson, material or message first.',
}
export const quotaExceeded: RefusalKind = {
  status: 413,
  code: 'quota_exceeded',
  title: 'There is no room for this file: delete others, or ask an admin for more.',
}
export const rangeNotSatisfiable: RefusalKind = {
  status: 416,
  code: 'range_not_satisfiable',
  title: 'The file has no bytes in this range.',
}
export const tusVersionUnsupported: RefusalKind = {
  status: 412,
  code: 'tus_version_unsupported',
  title: 'Send "Tus-Resumable: 1.0.0".',
}
export const uploadOffsetConflict: RefusalKind = {
  status: 409,
  code: 'upload_offset_conflict',
  title: 'The upload is not at this offset: ask where it is, by HEAD.',
}
export const uploadElsewhere: RefusalKind = {
  status: 409,
  code: 'upload_elsewhere',
  title: 'The parts of this upload are on another node: send them there, or begin it anew.',
}
export const uploadExpired: RefusalKind = {
  status: 410,
  code: 'upload_expired',
  title: 'Nothing came of this upload for a day: begin it anew.',
}
/** The status is that of the protocol. */
export const checksumMismatch: RefusalKind = {
  status: 460,
  code: 'checksum_mismatch',
  title: 'What came is not what was sent: send this part again.',
}
