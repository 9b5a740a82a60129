// Generated from openapi.json and asyncapi.json by test/generate.ts: npm run generate.
import type { MarkReadResult, Message, Notification, Person, ReadPresenceResult } from './shapes.ts'

/** What a device asks for, and how it is answered where it is not refused. */
export interface Requests {
  /** Go on with this connection under a newer access token of the same person. */
  'session:renew': {
    input: {
      token: string
    }
    reply: {
      /** When the token of this connection runs out; null: never by itself. */
      expiresAt: string | null
    }
  }
  /** Say something to somebody; it is stored when this is acknowledged */
  'chat:send': {
    input: {
      to: string
      /** Plain text. White space around it is cut off. */
      text?: string | undefined
      /** A file that you uploaded. With it, `text` is optional. */
      mediaId?: string | undefined
      /** Of your making, another for each message: one that is sent again with it is the same message. */
      clientId: string
    }
    reply: {
      message: Message
    }
  }
  /** Have read what somebody said, up to a message */
  'chat:read': {
    input: {
      with: string
      /** The number of a message in its conversation. */
      upTo: number
    }
    reply: MarkReadResult
  }
  /** Be typing to somebody, or no longer; say it again every few seconds while it lasts */
  'typing': {
    input: {
      to: string
      typing: boolean
    }
    reply: Record<string, never>
  }
  /** Be told on this device who of these people comes online or goes offline, instead of whom it watched before */
  'presence:watch': {
    input: {
      userIds: string[]
    }
    reply: ReadPresenceResult
  }
  /** Call somebody; `state` is `active` where they had called at the same moment: their call is then accepted by this */
  'call:invite': {
    input: {
      to: string
      media: 'audio' | 'video'
    }
    reply: {
      callId: string
      state: 'ringing' | 'active' | 'declined' | 'cancelled' | 'missed' | 'busy' | 'ended'
      media: 'audio' | 'video'
      /** Until when it rings. */
      expiresAt?: string
    }
  }
  /** Take a call on this device */
  'call:accept': {
    input: {
      callId: string
    }
    reply: {
      callId: string
      state: 'ringing' | 'active' | 'declined' | 'cancelled' | 'missed' | 'busy' | 'ended'
      media: 'audio' | 'video'
      /** Until when it rings. */
      expiresAt?: string
    }
  }
  /** Decline a call, on all devices */
  'call:decline': {
    input: {
      callId: string
    }
    reply: Record<string, never>
  }
  /** End a call, or give up calling; asked again, nothing happens */
  'call:hangup': {
    input: {
      callId: string
    }
    reply: Record<string, never>
  }
  /** Go on with a call on this device: after a reconnect, or instead of another device */
  'call:resume': {
    input: {
      callId: string
    }
    reply: {
      callId: string
      state: 'ringing' | 'active' | 'declined' | 'cancelled' | 'missed' | 'busy' | 'ended'
      media: 'audio' | 'video'
      /** Until when it rings. */
      expiresAt?: string
    }
  }
  /** Hand a session description or a candidate to the other device of an active call */
  'call:signal': {
    input: {
      callId: string
      description?: {
        type: 'offer' | 'answer' | 'pranswer' | 'rollback'
        sdp: string
      } | undefined
      candidate?: {
        candidate: string
        sdpMid?: string | null | undefined
        sdpMLineIndex?: number | null | undefined
        usernameFragment?: string | null | undefined
      } | null | undefined
    }
    reply: Record<string, never>
  }
}

/** What the server pushes. */
export interface Pushes {
  /** The session behind this connection is over; the connection is closed next. */
  'session:ended': {
    /** `ended`: signed out, or signed out by somebody who may; sign in again. `expired`: the access token ran out and no other came by `session:renew`. `changed`: the role or status of a person of an outside identity provider has changed; connect anew. */
    reason: 'ended' | 'expired' | 'changed'
  }
  /** A message, to or by oneself. */
  'chat:message': Message
  /** The other one has read, or one has read on another device. */
  'chat:read': {
    /** The other one of the conversation. */
    with: string
    /** Who has read. */
    by: string
    upTo: number
    readAt: string
  }
  /** Somebody is typing, or no longer. What is not said again within some seconds is over. */
  'typing': {
    from: string
    typing: boolean
  }
  /** Somebody whom this device watches has come online, or gone offline. */
  'presence': {
    userId: string
    online: boolean
    /** When somebody who is offline was last online; null where they are online, or never were. */
    lastSeenAt: string | null
  }
  /** Somebody calls: every device rings */
  'call:incoming': {
    callId: string
    from: string
    /** Who calls. */
    user: Person
    media: 'audio' | 'video'
    startedAt: string
    /** Until when it rings. */
    expiresAt: string
  }
  /** The called person took the call: the calling device makes its offer now */
  'call:accepted': {
    callId: string
    media: 'audio' | 'video'
  }
  /** The called person declined */
  'call:declined': {
    callId: string
  }
  /** A call is over for this device: stop ringing, or close the connection */
  'call:ended': {
    callId: string
    reason: 'hangup' | 'declined' | 'cancelled' | 'timeout' | 'busy' | 'lost' | 'too_long' | 'answered_elsewhere' | 'moved'
    durationSeconds: number
  }
  /** From the other device of an active call, and to the device that takes part in it only */
  'call:signal': {
    callId: string
    description?: {
      type: 'offer' | 'answer' | 'pranswer' | 'rollback'
      sdp: string
    }
    candidate?: {
      candidate: string
      sdpMid?: string | null
      sdpMLineIndex?: number | null
      usernameFragment?: string | null
    } | null
  }
  /** Something happened that you are told of */
  'notification': Notification
  /** Notifications were read on one of your devices */
  'notification:read': {
    ids?: string[]
    /** This one and all before it. */
    upTo?: string
    /** How many are left. */
    unread: number
  }
}
