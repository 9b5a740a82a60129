import { type Static, type TSchema, Type } from 'typebox'
import { Closed, Page, Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { PersonSummary } from '../accounts/index.ts'
import { toldReasons } from './rules.ts'

export const CallMedia = Type.Enum(['audio', 'video'])
const CallState = Type.Enum(['ringing', 'active', 'declined', 'cancelled', 'missed', 'busy', 'ended'])

const IceServer = Type.Object({
  urls: Type.Array(Type.String({ examples: ['turn:turn.school.example:3478?transport=udp'] })),
  username: Type.Optional(Type.String()),
  credential: Type.Optional(Type.String()),
})
export const IceServers = Type.Object({
  iceServers: Type.Array(IceServer, { description: 'As `RTCPeerConnection` takes them.' }),
  expiresAt: Time,
})
export type IceServers = Static<typeof IceServers>

export const Call = Type.Object({
  id: Id,
  with: PersonSummary,
  media: CallMedia,
  direction: Type.Enum(['outgoing', 'incoming']),
  state: CallState,
  startedAt: Time,
  answeredAt: Type.Optional(Time),
  endedAt: Type.Optional(Time),
  durationSeconds: Type.Integer({ description: 'Connected; 0 where it was not taken, or still goes on.' }),
})
export type Call = Static<typeof Call>
export const CallList = Page(Call)

export const Invitation = Closed({ to: Id, media: CallMedia })
export const WhichCall = Closed({ callId: Id })
export const CallStanding = Type.Object({
  callId: Id,
  state: CallState,
  media: CallMedia,
  expiresAt: Type.Optional({ ...Time, description: 'Until when it rings.' }),
})
export type CallStanding = Static<typeof CallStanding>

const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])

/** RTCSessionDescriptionInit and RTCIceCandidateInit (W3C, WebRTC 1.0, sections 4.6.2 and 4.8.1.1), in sizes that occur. */
const signal = {
  description: Type.Optional(
    Closed({
      type: Type.Enum(['offer', 'answer', 'pranswer', 'rollback']),
      sdp: Type.String({ maxLength: 32_768 }),
    }),
  ),
  candidate: Type.Optional(
    orNull(
      Closed({
        candidate: Type.String({ maxLength: 2_048 }),
        sdpMid: Type.Optional(orNull(Type.String({ maxLength: 64 }))),
        sdpMLineIndex: Type.Optional(orNull(Type.Integer({ minimum: 0, maximum: 65_535 }))),
        usernameFragment: Type.Optional(orNull(Type.String({ maxLength: 256 }))),
      }),
    ),
  ),
}
const example = { callId: '01997d5e-6c40-7a3b-9d55-1f0c1d2e3f40', candidate: null }
/** With the call's id, exactly one of the two; a candidate that is null says that there are no more. */
export const Signal = Closed(
  { callId: Id, ...signal },
  { minProperties: 2, maxProperties: 2, examples: [example] },
)
export type Signal = Static<typeof Signal>
export const RelayedSignal = Type.Object({ callId: Id, ...signal })

export const IncomingCall = Type.Object({
  callId: Id,
  from: Id,
  user: { ...PersonSummary, description: 'Who calls.' },
  media: CallMedia,
  startedAt: Time,
  expiresAt: { ...Time, description: 'Until when it rings.' },
})
export const AcceptedCall = Type.Object({ callId: Id, media: CallMedia })
export const OverCall = Type.Object({
  callId: Id,
  reason: Type.Enum([...toldReasons, 'answered_elsewhere', 'moved']),
  durationSeconds: Type.Integer(),
})
