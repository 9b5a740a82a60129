import type { Deps } from '../../platform/deps.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import type { Sockets } from '../../platform/realtime/sockets.ts'
import { updateSeen } from './queries.ts'
import { endLost } from './queued.ts'
import { lostAfterSeconds } from './rules.ts'

const beatMs = 5_000

interface DeviceInCall {
  readonly userId: string
  readonly callId: string
}

/** The devices of this process that take part in calls, by their ids: kept by process, that is by its sockets. */
const inCalls = new WeakMap<Sockets, Map<string, DeviceInCall>>()

/** From now on this process says of the device that it is there, for as long as it and the call are. */
export function watchDevice(sockets: Sockets, socketId: string, device: DeviceInCall): void {
  const devices = inCalls.get(sockets) ?? new Map<string, DeviceInCall>()
  inCalls.set(sockets, devices.set(socketId, device))
}

/**
 * Writes down which devices in calls are still connected here; one that is not has a while to come back, to whichever node. One
 * statement where all are, none where nobody is in a call.
 */
export async function beat({ sockets, transact, clock }: Deps): Promise<void> {
  const devices = inCalls.get(sockets)
  if (!devices || devices.size === 0) return
  const isHere = ([socketId, { userId }]: readonly [string, DeviceInCall]) =>
    sockets.devicesOf(userId).some((device) => device.socketId === socketId)
  const watched = [...devices]
  const here = watched.filter(isHere).map(([socketId]) => socketId)
  const gone = watched.filter((device) => !isHere(device))
  const at = clock.now()
  const runAt = new Date(at.getTime() + lostAfterSeconds * 1_000)
  const seen = await transact(async (tx) => {
    for (const [, { callId }] of gone) await addJob(tx, endLost, { callId }, { runAt })
    return here.length > 0 ? updateSeen(tx, here, at) : new Set<string>()
  })
  // Unless it has begun another call meanwhile.
  for (const [socketId, device] of watched)
    if (!seen.has(socketId) && devices.get(socketId) === device) devices.delete(socketId)
}

/** Beats until the node closes. */
export function startBeating(deps: Deps, closing: AbortSignal): void {
  const timer = setInterval(() => {
    beat(deps).catch((error) => {
      // The next beat does what this one could not.
      if (!closing.aborted) deps.log.warn({ err: error }, 'could not look after the devices in calls')
    })
  }, beatMs).unref()
  closing.addEventListener('abort', () => clearInterval(timer))
}
