import type { Db } from '../../platform/database/database.ts'
import { findScores, type ScoreRow } from '../assessments/index.ts'
import { type CourseTitle, findCourseTitles } from '../catalogue/index.ts'
import { type EnrollmentRow, findEnrollmentsOfUser, isEnrolled } from '../enrollments/index.ts'
import { type CourseStanding, findStandings } from '../learning/index.ts'
import { type CertificateRow, findCertificatesOfUser } from './queries.ts'

export interface ChildOverview {
  readonly courses: readonly {
    readonly enrollment: EnrollmentRow
    readonly course: CourseTitle
    readonly standing: CourseStanding
  }[]
  readonly scores: readonly ScoreRow[]
  readonly certificates: readonly CertificateRow[]
  readonly lastActivityAt: Date | null
}

/** What a student has come to, in six statements however much that is. */
export async function readChildOverview(db: Db, childId: string): Promise<ChildOverview> {
  const enrollments = (await findEnrollmentsOfUser(db, childId)).filter(({ status }) => isEnrolled(status))
  const titles = await findCourseTitles(
    db,
    enrollments.map((row) => row.course_id),
  )
  const standings = await findStandings(db, enrollments)
  const scores = await findScores(
    db,
    enrollments.map((row) => row.id),
  )
  const courses = enrollments.flatMap((enrollment) => {
    const course = titles.find(({ id }) => id === enrollment.course_id)
    const standing = standings.get(enrollment.id)
    return course && standing ? [{ enrollment, course, standing }] : []
  })
  const moments = [
    ...courses.map(({ standing }) => standing.lastActivityAt),
    ...scores.map((score) => score.last_at),
  ].filter((at) => at !== null)
  return {
    courses,
    scores,
    certificates: await findCertificatesOfUser(db, childId),
    lastActivityAt: moments.reduce<Date | null>((last, at) => (last && last > at ? last : at), null),
  }
}
