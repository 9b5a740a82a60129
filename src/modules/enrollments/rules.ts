import type { EnrollmentStatus } from '../../platform/database/schema.ts'

const next: Readonly<Record<EnrollmentStatus, readonly EnrollmentStatus[]>> = {
  pending: ['active', 'cancelled'],
  active: ['completed', 'cancelled'],
  // Only with the last entitlement: who paid may have the money back, not the course as well.
  completed: ['cancelled'],
  cancelled: [],
}

/** Whether an enrollment may go from one state to another. */
export function canBecome(from: EnrollmentStatus, to: EnrollmentStatus): boolean {
  return next[from].includes(to)
}

/** Whether the person may use the course. */
export function isEnrolled(status: EnrollmentStatus | undefined): boolean {
  return status === 'active' || status === 'completed'
}

export const pendingHours = 24

/** What has waited for a payment since before this moment has expired. */
export function expiredBefore(at: Date): Date {
  return new Date(at.getTime() - pendingHours * 3_600_000)
}
