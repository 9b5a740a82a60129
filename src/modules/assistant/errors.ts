import type { RefusalKind } from '../../platform/http/refusal.ts'

export const aiNotConfigured: RefusalKind = {
  status: 503,
  code: 'ai_not_configured',
  title: 'There is no assistant here: the operator has configured none.',
}
export const aiFailed: RefusalKind = {
  status: 502,
  code: 'ai_failed',
  title: 'The assistant has no usable answer. Try again shortly.',
}
/** Nobody hears it: the status by which logs tell a client that went from a fault of ours. */
export const askerGone: RefusalKind = {
  status: 499,
  code: 'asker_gone',
  title: 'Whoever asked did not wait for the answer.',
}
export const lessonWithoutText: RefusalKind = {
  status: 409,
  code: 'lesson_without_text',
  title: 'This lesson has no text that the assistant could read.',
}
export const lessonTooLong: RefusalKind = {
  status: 409,
  code: 'lesson_too_long',
  title: 'The text of this lesson is too long for the assistant. Divide the lesson.',
}
