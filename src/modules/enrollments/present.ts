import type { CourseTitle } from '../catalogue/index.ts'
import type { EnrollmentRow } from './queries.ts'
import { isEnrolled } from './rules.ts'
import type { Enrollment, EnrollmentStanding } from './schemas.ts'

export function presentEnrollment(enrollment: EnrollmentRow, course: CourseTitle): Enrollment {
  const { activated_at, completed_at, cancelled_at } = enrollment
  return {
    id: enrollment.id,
    courseId: enrollment.course_id,
    userId: enrollment.user_id,
    status: enrollment.status,
    createdAt: enrollment.created_at,
    ...(activated_at ? { activatedAt: activated_at } : {}),
    ...(completed_at ? { completedAt: completed_at } : {}),
    ...(cancelled_at ? { cancelledAt: cancelled_at } : {}),
    course: { id: course.id, slug: course.slug, title: course.title },
  }
}

export function presentStanding(
  last: (EnrollmentRow & { purchased: boolean }) | undefined,
): EnrollmentStanding {
  return {
    enrolled: isEnrolled(last?.status),
    status: last?.status ?? null,
    purchased: last?.purchased === true,
  }
}
