import { openCalls } from '../../client/src/calls.ts'
import { createClient } from '../../client/src/index.ts'
import { openRealtime } from '../../client/src/realtime.ts'

/** The smallest page that makes and takes calls, as a front end would with the client. */

const video = Object.assign(document.createElement('video'), { autoplay: true, playsInline: true })
document.body.append(video)

/** Opens a phone: it takes every call. `relayOnly`: its packets go through a TURN server, or nowhere. */
async function open({ server, token, relayOnly }) {
  let bearer = token
  const client = createClient({ baseUrl: server, bearer: async () => bearer })
  const realtime = openRealtime(client)
  const calls = openCalls(client, realtime, {
    connection: { iceTransportPolicy: relayOnly ? 'relay' : 'all' },
  })
  let line = null

  function show(call) {
    line = call.state === 'ended' ? null : call
    if (video.srcObject !== call.remote) video.srcObject = call.remote
  }
  function hold(call) {
    call.onChange(show)
    show(call)
    return call
  }
  calls.onIncoming((call) => {
    // Where both have called, it is taken already.
    hold(call)
      .accept()
      .catch(() => undefined)
  })
  await new Promise((resolve) => realtime.onStatus((status) => status === 'current' && resolve()))

  return {
    async call(to, media) {
      const { id } = hold(await calls.call(to, media))
      return { callId: id }
    },
    hangUp: () => line.hangUp(),
    /** At the identity provider; whether camera and microphone go on. */
    async signOut() {
      const tracks = line.local.getTracks()
      bearer = null
      await client.session.token()
      return tracks.map(({ readyState }) => readyState)
    },
    /** Breaks the way between the two, as a change of network does. */
    restart: () => line.peer.restartIce(),
    /** What arrives from the other side, and by which way; null where there is no call. */
    async state() {
      if (!line) return null
      const { peer } = line
      const stats = peer ? [...(await peer.getStats()).values()] : []
      const inbound = (kind) => stats.find((stat) => stat.type === 'inbound-rtp' && stat.kind === kind)
      const { selectedCandidatePairId } = stats.find(({ type }) => type === 'transport') ?? {}
      const pair = stats.find(({ id }) => id === selectedCandidatePairId)
      return {
        callId: line.id,
        connection: peer?.connectionState ?? 'none',
        fragment: peer?.currentRemoteDescription?.sdp.match(/^a=ice-ufrag:(.*)$/m)?.[1] ?? '',
        width: video.videoWidth,
        frames: inbound('video')?.framesDecoded ?? 0,
        audioBytes: inbound('audio')?.bytesReceived ?? 0,
        audioEnergy: inbound('audio')?.totalAudioEnergy ?? 0,
        way: [pair?.localCandidateId, pair?.remoteCandidateId].map(
          (end) => stats.find(({ id }) => id === end)?.candidateType ?? null,
        ),
      }
    },
  }
}

globalThis.openPhone = async (options) => {
  globalThis.phone = await open(options)
}
