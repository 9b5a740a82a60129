import { type Static, Type } from 'typebox'
import { Closed, Page, Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'

const Person = Type.Object({
  id: Id,
  name: Type.String(),
  headline: Type.Optional(Type.String()),
  avatarUrl: Type.Optional(Type.String()),
})

export const GuardianCode = Type.Object({
  code: Type.String({ examples: ['7K3M-9XQ2-ABCD'] }),
  expiresAt: Time,
})
export const Redemption = Closed({
  code: Type.String({ minLength: 1, maxLength: 50, examples: ['7K3M-9XQ2-ABCD'] }),
})
export const Assignment = Closed({ childId: Id })

export const GuardianLink = Type.Object({ id: Id, parent: Person, child: Person, createdAt: Time })
export type GuardianLink = Static<typeof GuardianLink>
export const GuardianLinkList = Page(GuardianLink)
