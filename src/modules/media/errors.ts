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
