export const roles = ['student', 'instructor', 'parent', 'admin'] as const
export type Role = (typeof roles)[number]

/** Who caused something, and when. `userId` is null for the system itself (jobs, schedules) and for strangers. */
export interface Cause {
  readonly userId: string | null
  readonly at: Date
}

/** A signed-in person making a request. `sessionId` is null under an outside identity provider's bearer. */
export interface Actor extends Cause {
  readonly userId: string
  readonly role: Role
  readonly sessionId: string | null
}
