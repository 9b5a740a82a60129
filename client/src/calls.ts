import { createLine, type Line, type Signal } from './call-line.ts'
import type { Client } from './create-client.ts'
import type { Pushes } from './generated/realtime.ts'
import type { Person } from './generated/shapes.ts'
import { createListeners } from './listeners.ts'
import type { Realtime } from './realtime.ts'

export type CallMedia = 'audio' | 'video'

/** `ringing`, `connecting` (taken; the devices look for each other), `connected` (sound and pictures flow), `ended`. */
export type CallState = 'ringing' | 'connecting' | 'connected' | 'ended'

/** Why a call has ended: as the server says it (docs/calls.md), or `failed`, where this device could not go on. */
export type CallEnd = Pushes['call:ended']['reason'] | 'failed'

/** One call of this device, from its first ring to its end. */
export interface Call {
  readonly id: string
  readonly direction: 'incoming' | 'outgoing'
  readonly media: CallMedia
  /** Who calls; of an outgoing call its id alone is known here. */
  readonly other: Pick<Person, 'id'> & Partial<Person>
  readonly state: CallState
  readonly end: CallEnd | null
  /** Our camera and microphone; null before it is taken. */
  readonly local: MediaStream | null
  /** What the other sends; for the `srcObject` of a `<video>`. */
  readonly remote: MediaStream | null
  /** For what is not here: statistics, other devices, a shared screen. Null before it is taken. */
  readonly peer: RTCPeerConnection | null
  /** Takes an incoming call. @throws LecternError `call_taken` by another device, `call_over`; what `getUserMedia` throws */
  accept(): Promise<void>
  decline(): Promise<void>
  hangUp(): Promise<void>
  onChange(listen: (call: Call) => void): () => void
}

export interface CallsOptions {
  /** Gives camera and microphone; if not given, `navigator.mediaDevices.getUserMedia` does. */
  readonly getMedia?: ((media: CallMedia) => Promise<MediaStream>) | undefined
  /** More for `RTCPeerConnection`, such as `iceTransportPolicy: 'relay'`; the ICE servers are the school's. */
  readonly connection?: RTCConfiguration | undefined
}

export interface Calls {
  /** Calls somebody. If they have called at the same moment, theirs is taken. @throws LecternError `busy`, `already_in_call`, `not_found` … */
  call(userId: string, media: CallMedia): Promise<Call>
  onIncoming(listen: (call: Call) => void): () => void
  close(): void
}

/** Calls over a realtime connection: rings, connects the two devices, and holds the call through a change of network. */
export function openCalls(client: Client, realtime: Realtime, options: CallsOptions = {}): Calls {
  const {
    getMedia = (media) => navigator.mediaDevices.getUserMedia({ audio: true, video: media === 'video' }),
  } = options
  const ringing = createListeners<Call>()
  const calls = new Map<string, ReturnType<typeof createCall>>()
  /** Signals wait for the line that they are for: whoever takes a call says so before it has asked for the ICE servers. */
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work)
    turn = done.catch(() => undefined)
    return done
  }

  function createCall(begun: Pick<Call, 'id' | 'direction' | 'media' | 'other'>) {
    const listeners = createListeners<Call>()
    let state: CallState = 'ringing'
    let end: CallEnd | null = null
    let local: MediaStream | null = null
    let line: Line | null = null
    const changed = () => listeners.tell(call)
    function turnTo(to: CallState): void {
      if (state === to || state === 'ended') return
      state = to
      changed()
    }
    function over(reason: CallEnd): void {
      if (state === 'ended') return
      end = reason
      calls.delete(begun.id)
      line?.close()
      for (const track of local?.getTracks() ?? []) track.stop()
      turnTo('ended')
    }
    /** The way to the other device. @param offers whether this one makes the first offer */
    async function pickUp({ offers }: { offers: boolean }): Promise<void> {
      if (line || state === 'ended') return
      turnTo('connecting')
      try {
        const { iceServers } = await client.calls.listIceServers()
        local ??= await getMedia(begun.media)
        // It may have ended meanwhile.
        if ((state as CallState) === 'ended') return over('failed')
        line = createLine({
          configuration: { iceServers, ...options.connection },
          local,
          offers,
          send: (signal) =>
            realtime.ask('call:signal', { callId: begun.id, ...signal }).then(() => undefined),
          changed() {
            if (line?.peer.connectionState === 'connected') turnTo('connected')
            changed()
          },
        })
      } catch (error) {
        void call.hangUp().catch(() => undefined)
        over('failed')
        throw error
      }
    }
    const call: Call = {
      ...begun,
      get state() {
        return state
      },
      get end() {
        return end
      },
      get local() {
        return local
      },
      get remote() {
        return line?.remote ?? null
      },
      get peer() {
        return line?.peer ?? null
      },
      async accept() {
        // Before it is taken: who refuses the microphone has not taken it.
        local ??= await getMedia(begun.media)
        await inTurn(async () => {
          await realtime.ask('call:accept', { callId: begun.id })
          await pickUp({ offers: false })
        })
      },
      async decline() {
        await realtime.ask('call:decline', { callId: begun.id })
        over('declined')
      },
      async hangUp() {
        await realtime.ask('call:hangup', { callId: begun.id })
        over('hangup')
      },
      onChange: (listen) => listeners.add(listen),
    }
    /** After the connection was lost: this device under its new name, and a way over the network there is now. */
    async function resume(): Promise<void> {
      if (!line) return
      await realtime.ask('call:resume', { callId: begun.id }).then(
        () => line?.peer.restartIce(),
        (error) => (error.code === 'timed_out' ? undefined : over('lost')),
      )
    }
    const give = (stream: MediaStream) => {
      local = stream
    }
    return { call, over, give, pickUp, resume, take: (signal: Signal) => line?.take(signal) }
  }

  function ring(incoming: Omit<Pushes['call:incoming'], 'expiresAt'>): void {
    const { callId: id, media, user } = incoming
    if (calls.has(id)) return
    const made = createCall({ id, direction: 'incoming', media, other: user })
    calls.set(id, made)
    ringing.tell(made.call)
  }

  /** What came while the connection was lost was not pushed again. */
  async function lookAround(): Promise<void> {
    await Promise.all([...calls.values()].map(({ resume }) => resume()))
    const { items } = await client.calls.list({ limit: 5 })
    for (const { id, with: user, ...one } of items)
      if (one.state === 'ringing' && one.direction === 'incoming')
        ring({ callId: id, from: user.id, user, ...one })
  }

  const ends = [
    realtime.on('call:incoming', ring),
    realtime.on(
      'call:accepted',
      ({ callId }) =>
        void inTurn(async () =>
          calls
            .get(callId)
            ?.pickUp({ offers: true })
            .catch(() => undefined),
        ),
    ),
    realtime.on('call:declined', ({ callId }) => calls.get(callId)?.over('declined')),
    realtime.on('call:ended', ({ callId, reason }) => calls.get(callId)?.over(reason)),
    realtime.on(
      'call:signal',
      ({ callId, ...signal }) =>
        void inTurn(async () => calls.get(callId)?.take(signal)).catch(() => undefined),
    ),
    realtime.onStatus((status) => {
      if (status === 'current') void lookAround().catch(() => undefined)
      // Signed out: nobody is to be heard or seen any longer.
      if (status === 'closed') for (const { over } of [...calls.values()]) over('lost')
    }),
  ]

  return {
    async call(userId, media) {
      const local = await getMedia(media)
      try {
        const invited = await inTurn(async () => {
          const answer = await realtime.ask('call:invite', { to: userId, media })
          const { callId: id } = answer
          // Where they had called at the same moment, theirs is taken by this: it may have rung here already.
          const begun = { id, direction: 'outgoing', media: answer.media, other: { id: userId } } as const
          const made = calls.get(id) ?? createCall(begun)
          made.give(local)
          calls.set(id, made)
          if (answer.state === 'active') await made.pickUp({ offers: false })
          return made
        })
        return invited.call
      } catch (error) {
        for (const track of local.getTracks()) track.stop()
        throw error
      }
    },
    onIncoming: (listen) => ringing.add(listen),
    close() {
      for (const end of ends) end()
      for (const { call } of [...calls.values()]) void call.hangUp().catch(() => undefined)
    },
  }
}
