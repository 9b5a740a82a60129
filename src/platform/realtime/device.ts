import type { Actor, Role } from '../actor.ts'

/** What is known of a connected socket. */
export interface Device {
  userId: string
  role: Role
  sessionId: string | null
  /** Of its bearer: milliseconds since 1970, or null. */
  expiresAt: number | null
  /** The end of the last request that it has made: they are answered one after another. */
  last: Promise<void>
  /** Requests that wait or are being answered. */
  waiting: number
  /** Refused requests within the window, and when that began. */
  faults: number
  faultsSince: number
}

export function newDevice({ userId, role, sessionId }: Actor, expiresAt: number | null): Device {
  return {
    userId,
    role,
    sessionId,
    expiresAt,
    last: Promise.resolve(),
    waiting: 0,
    faults: 0,
    faultsSince: 0,
  }
}

const mostFaults = 200
const faultWindowMs = 10_000

/** Counts a refused request. @returns whether they are too many: the device does not know, or does not care, what it sends */
export function isFlooding(device: Device, at: Date): boolean {
  const now = at.getTime()
  if (now - device.faultsSince > faultWindowMs) {
    device.faults = 0
    device.faultsSince = now
  }
  device.faults++
  return device.faults > mostFaults
}
