import { type Static, Type } from 'typebox'
import { Closed, Page, Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { Kind, kindNames } from './kinds.ts'

export const Notification = Type.Object({
  id: Id,
  kind: Kind,
  title: Type.String({ examples: ['You are enrolled'] }),
  body: Type.String({ examples: ['Your course “Git Basics” is open for you.'] }),
  data: Type.Record(Type.String(), Type.Unknown(), {
    description: 'What it is about: `event`, the type of the fact, and ids such as `courseId`.',
    examples: [{ event: 'enrollment.activated', courseId: '019a3b5e-7c1d-7e2a-9f40-5b6c7d8e9f01' }],
  }),
  read: Type.Boolean(),
  createdAt: Time,
})
export type Notification = Static<typeof Notification>
export const NotificationList = Page(Notification)

export const UnreadCount = Type.Object({ count: Type.Integer({ examples: [3] }) })

export const ReadAll = Type.Optional(
  Type.Union([
    Closed({
      upTo: Type.Optional({ ...Id, description: 'The newest one that was seen: newer ones stay unread.' }),
    }),
    Type.Null(),
  ]),
)

const Digest = Type.Enum(['off', 'daily', 'weekly'], {
  description:
    'Mails that are not urgent: `off`, each at once; else gathered into one mail, at 8:00 of the profile’s time zone, every day or on Mondays.',
})

const Choice = Closed({
  inApp: Type.Boolean({ description: 'In the list, counted, and pushed to connected devices.' }),
  email: Type.Boolean(),
  essential: Type.Boolean({ description: 'Cannot be switched off.' }),
})
export const Preferences = Type.Object({
  digest: Digest,
  kinds: Type.Object(
    Object.fromEntries(kindNames.map((kind) => [kind, Choice])) as Record<
      (typeof kindNames)[number],
      typeof Choice
    >,
  ),
})
export type Preferences = Static<typeof Preferences>

const ChangedChoice = Closed({
  inApp: Type.Optional(Type.Boolean()),
  email: Type.Optional(Type.Boolean()),
  essential: Type.Optional(
    Type.Boolean({ description: 'As it was read, so that all can be given back; it changes nothing.' }),
  ),
})
export const PreferencesChange = Closed({
  digest: Type.Optional(Digest),
  kinds: Type.Optional(
    Closed(
      Object.fromEntries(kindNames.map((kind) => [kind, Type.Optional(ChangedChoice)])) as Record<
        (typeof kindNames)[number],
        ReturnType<typeof Type.Optional<typeof ChangedChoice>>
      >,
    ),
  ),
})
export type PreferencesChange = Static<typeof PreferencesChange>
