import { type Static, Type } from 'typebox'
import { Closed, Page, Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { PersonSummary } from '../accounts/index.ts'

export const GuardianCode = Type.Object({
  code: Type.String({ examples: ['7K3M-9XQ2-ABCD'] }),
  expiresAt: Time,
})
export const Redemption = Closed({
  code: Type.String({ minLength: 1, maxLength: 50, examples: ['7K3M-9XQ2-ABCD'] }),
})
export const Assignment = Closed({ childId: Id })

export const GuardianLink = Type.Object({
  id: Id,
  parent: PersonSummary,
  child: PersonSummary,
  createdAt: Time,
})
export type GuardianLink = Static<typeof GuardianLink>
export const GuardianLinkList = Page(GuardianLink)
