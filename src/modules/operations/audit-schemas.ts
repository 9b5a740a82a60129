import { type Static, Type } from 'typebox'
import { pageQuery } from '../../platform/http/pagination.ts'
import { Closed, Page, Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'

const Moment = (description: string) => Type.Optional(Type.String({ format: 'date-time', description }))

export const AuditQuery = Closed({
  ...pageQuery,
  actor: Type.Optional({ ...Id, description: 'Who did it.' }),
  subject: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'The id of what it is about, or of a person it concerns.',
    }),
  ),
  action: Type.Optional(
    Type.String({ pattern: '^[a-z_]+\\.[a-z_]+$', maxLength: 100, examples: ['user.role_changed'] }),
  ),
  from: Moment('At this moment or later.'),
  to: Moment('Before this moment.'),
})

const orNull = <T extends ReturnType<typeof Type.String>>(schema: T) => Type.Union([schema, Type.Null()])

export const AuditEntry = Type.Object({
  id: Id,
  at: Time,
  action: Type.String({ description: 'A stable word for what was done.', examples: ['user.role_changed'] }),
  actor: Type.Union(
    [
      Type.Object({
        id: Id,
        role: Type.Union([Type.String(), Type.Null()], {
          description: 'The role in which it was done; null where it was not by a request.',
        }),
        name: Type.Union([Type.String(), Type.Null()], {
          description: 'As it is now; null of a deleted person.',
        }),
      }),
      Type.Null(),
    ],
    { description: 'Null: the school itself, its operator, or a stranger.' },
  ),
  subject: Type.Object({
    type: Type.String({ description: 'What kind of thing it is about.', examples: ['user'] }),
    id: orNull(Type.String()),
  }),
  concerns: Type.Array(Type.String(), {
    description: 'The ids of the people it concerns beside the subject.',
  }),
  details: Type.Unknown({ description: 'The fact: what changed from what to what, amounts, reasons.' }),
  requestId: orNull(Type.String()),
  address: orNull(Type.String()),
})
export const AuditLog = Page(AuditEntry)
export type AuditEntry = Static<typeof AuditEntry>
