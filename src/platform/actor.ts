export const roles = ['student', 'instructor', 'parent', 'admin'] as const
export type Role = (typeof roles)[number]

/** The request by which something was caused: its `x-request-id`, and the address that it came from. */
export interface Origin {
  readonly id: string
  readonly address: string
}

/** Who caused something, and when. `userId` is null for the system itself (jobs, schedules) and for strangers. */
export interface Cause {
  readonly userId: string | null
  readonly at: Date
  /** In which role it was caused, where a signed-in person did. */
  readonly role?: Role
  /** By which request, where one did. */
  readonly request?: Origin
}

/** A signed-in person making a request. `sessionId` is null under an outside identity provider's bearer. */
export interface Actor extends Cause {
  readonly userId: string
  readonly role: Role
  readonly sessionId: string | null
}
