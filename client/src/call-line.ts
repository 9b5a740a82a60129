import type { Pushes } from './generated/realtime.ts'

/** What two devices hand each other by `call:signal`: a description or a candidate, which is null after the last. */
export type Signal = Omit<Pushes['call:signal'], 'callId'>

/** The way between two devices. */
export interface Line {
  readonly peer: RTCPeerConnection
  readonly remote: MediaStream | null
  take(signal: Signal): Promise<void>
  close(): void
}

/**
 * Perfect negotiation (W3C WebRTC, section 10.7): either side may make an offer at any time, for a new track or after a change of network. Where both
 * do, that of the one who called is taken; the called one is polite.
 */
export function createLine(parts: {
  readonly configuration: RTCConfiguration
  readonly local: MediaStream
  /** Makes the first offer: the caller, who is told that it was taken. */
  readonly offers: boolean
  readonly send: (signal: Signal) => Promise<void>
  readonly changed: () => void
}): Line {
  const { local, offers, send, changed } = parts
  const peer = new RTCPeerConnection(parts.configuration)
  const polite = !offers
  let remote: MediaStream | null = null
  let makingOffer = false
  let ignoresOffer = false

  async function describe(): Promise<void> {
    await peer.setLocalDescription()
    const { type, sdp = '' } = peer.localDescription ?? {}
    if (type === 'offer' || type === 'answer') await send({ description: { type, sdp } })
  }

  peer.onnegotiationneeded = async () => {
    // The first offer is the caller's; what the called side sends is in its answer.
    if (polite && !peer.remoteDescription) return
    makingOffer = true
    // One that is not handed on is made anew when the connection is back: restartIce.
    await describe().catch(() => undefined)
    makingOffer = false
  }
  peer.onicecandidate = ({ candidate }) => {
    // One that is found when the call is over is for nobody.
    send({ candidate: candidate ? plain(candidate) : null }).catch(() => undefined)
  }
  peer.ontrack = ({ streams: [stream], track }) => {
    remote = stream ?? new MediaStream([...(remote?.getTracks() ?? []), track])
    changed()
  }
  peer.onconnectionstatechange = () => {
    if (peer.connectionState === 'failed') peer.restartIce()
    changed()
  }
  for (const track of local.getTracks()) peer.addTrack(track, local)

  return {
    peer,
    get remote() {
      return remote
    },
    async take({ description, candidate }) {
      if (description) {
        const collides = description.type === 'offer' && (makingOffer || peer.signalingState !== 'stable')
        ignoresOffer = collides && !polite
        if (ignoresOffer) return
        await peer.setRemoteDescription(description)
        if (description.type === 'offer') await describe()
        return
      }
      // Those of an offer that was not taken fit nothing.
      await peer.addIceCandidate(candidate ?? undefined).catch((error) => {
        if (!ignoresOffer) throw error
      })
    },
    close() {
      peer.onconnectionstatechange = null
      peer.close()
    },
  }
}

function plain({ candidate, sdpMid, sdpMLineIndex, usernameFragment }: RTCIceCandidate) {
  return { candidate, sdpMid, sdpMLineIndex, usernameFragment }
}
