import { type Static, Type } from 'typebox'
import { pageQuery } from '../../platform/http/pagination.ts'
import { Closed, Page, Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'

const Code = Type.String({ examples: ['0H4ZK-9T2MQ-R7XWD-3C8VN-P6JS1E'] })
const Holder = Type.String({ description: 'As they were called when it was issued.', examples: ['Asha Rao'] })

export const Certificate = Type.Object({
  id: Id,
  code: Code,
  courseId: Id,
  courseTitle: Type.String(),
  holder: Holder,
  completedAt: Time,
  issuedAt: Time,
  revoked: Type.Boolean(),
  revokedAt: Type.Optional(Time),
  revokeReason: Type.Optional(Type.String()),
  downloadUrl: Type.String(),
  verifyUrl: Type.String({ description: 'A page for anybody who is shown the certificate.' }),
})
export type Certificate = Static<typeof Certificate>
export const CertificateList = Page(Certificate)

export const CertificateFilter = Closed({
  ...pageQuery,
  userId: Type.Optional(Id),
  courseId: Type.Optional({ ...Id, description: 'Needed by instructors.' }),
})

export const CertificateWish = Closed({ courseId: Id })

export const Revocation = Type.Optional(
  Type.Union([
    Closed({
      reason: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 500,
          pattern: '\\S',
          description: 'Told to the holder, not to the public.',
        }),
      ),
    }),
    Type.Null(),
  ]),
)

export const Verification = Type.Object({
  valid: Type.Boolean({ description: 'Issued by this school, and not revoked.' }),
  holder: Holder,
  course: Type.String({ description: 'The title, as it was then.' }),
  issuedAt: Time,
  revoked: Type.Boolean(),
  revokedAt: Type.Optional(Time),
  school: Type.String(),
  code: Code,
  token: Type.String({
    description:
      'The same, signed (JWS, Ed25519), for verification without this server: see docs/certificates.md. It does not tell of a revocation.',
  }),
})
export type Verification = Static<typeof Verification>
