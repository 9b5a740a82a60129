import type { RefusalKind } from '../../platform/http/refusal.ts'

export const codeInvalid: RefusalKind = {
  status: 400,
  code: 'code_invalid',
  title: 'This code does not work: it is mistyped, used already or older than a day. Ask for a new one.',
}
