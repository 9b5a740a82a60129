import { io } from 'socket.io-client'

/** The smallest client that makes and takes calls: what docs/calls.md says, and nothing else. */

const video = Object.assign(document.createElement('video'), { autoplay: true, playsInline: true })
document.body.append(video)

/** Opens a phone: it takes every call. `relayOnly`: its packets go through a TURN server, or nowhere. */
async function open({ server, token, relayOnly }) {
  const socket = io(server, { path: '/realtime', transports: ['websocket'], auth: { token } })
  let line = null
  // Signals one after another: a candidate counts only when its description is in place.
  let turn = Promise.resolve()
  const inTurn = (work) => {
    turn = turn.then(work)
    return turn
  }

  async function ask(name, input) {
    const answer = await socket.emitWithAck(name, input)
    if (!answer.ok) throw new Error(`${name}: ${answer.code}`)
    return answer
  }

  /** The ends of a call: our camera and microphone in, theirs out. */
  async function pickUp(callId, media) {
    if (line?.callId === callId) return
    const response = await fetch(`${server}/api/calls/ice-servers`, {
      headers: { authorization: `Bearer ${token}` },
    })
    const { iceServers } = await response.json()
    const peer = new RTCPeerConnection({ iceServers, iceTransportPolicy: relayOnly ? 'relay' : 'all' })
    const own = await navigator.mediaDevices.getUserMedia({ audio: true, video: media === 'video' })
    for (const track of own.getTracks()) peer.addTrack(track, own)
    peer.ontrack = ({ streams: [stream] }) => {
      video.srcObject = stream
    }
    peer.onicecandidate = ({ candidate }) => {
      // One that is found when the call is over is for nobody.
      ask('call:signal', { callId, candidate }).catch(() => undefined)
    }
    line = { callId, media, peer, own }
  }

  function putDown() {
    line?.peer.close()
    for (const track of line?.own.getTracks() ?? []) track.stop()
    line = null
  }

  async function describe(description) {
    await line.peer.setLocalDescription(description)
    const { type, sdp } = line.peer.localDescription
    await ask('call:signal', { callId: line.callId, description: { type, sdp } })
  }

  socket.on('call:incoming', ({ callId, media }) =>
    inTurn(async () => {
      await ask('call:accept', { callId })
      await pickUp(callId, media)
    }),
  )
  socket.on('call:accepted', ({ callId, media }) =>
    inTurn(async () => {
      await pickUp(callId, media)
      await describe(await line.peer.createOffer())
    }),
  )
  socket.on('call:signal', ({ callId, description, candidate }) =>
    inTurn(async () => {
      if (line?.callId !== callId) return
      if (candidate !== undefined) return line.peer.addIceCandidate(candidate ?? undefined)
      await line.peer.setRemoteDescription(description)
      if (description.type === 'offer') await describe(await line.peer.createAnswer())
    }),
  )
  socket.on('call:ended', () => inTurn(putDown))
  await new Promise((resolve) => socket.once('connect', resolve))

  return {
    /** Where the other has called at the same moment, this takes their call: they make the offer. */
    async call(to, media) {
      const { callId, state, media: agreed } = await ask('call:invite', { to, media })
      if (state === 'active') await inTurn(() => pickUp(callId, agreed))
      return { callId }
    },
    async hangUp() {
      await ask('call:hangup', { callId: line.callId })
      putDown()
    },
    /** What arrives from the other side, and by which way; null where there is no call. */
    async state() {
      if (!line) return null
      const stats = [...(await line.peer.getStats()).values()]
      const inbound = (kind) => stats.find((stat) => stat.type === 'inbound-rtp' && stat.kind === kind)
      const { selectedCandidatePairId } = stats.find(({ type }) => type === 'transport') ?? {}
      const pair = stats.find(({ id }) => id === selectedCandidatePairId)
      return {
        callId: line.callId,
        connection: line.peer.connectionState,
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
