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
