/** Where the time comes from. Rules and use cases get it as `actor.at`; nothing that decides reads the wall clock itself. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }
