/** A push on its way to the sockets of some rooms. */
export interface Delivery {
  readonly name: string
  readonly rooms: readonly string[]
  /** The id of a socket that is left out. */
  readonly except: string | null
  /** The payload, serialized by its schema. */
  readonly json: string
}

/** Carries deliveries from each process to all others. */
export interface Fanout {
  /** Hands it over; resolves soon, whatever happens, and never rejects. */
  publish(delivery: Delivery): Promise<void>
  /** From now on, what other processes publish. */
  receive(deliver: (delivery: Delivery) => void): void
  close(): Promise<void>
}

/** For a process beside which there is no other. */
export const noFanout: Fanout = {
  publish: async () => undefined,
  receive: () => undefined,
  close: async () => undefined,
}
