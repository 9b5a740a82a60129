import type { Config } from '../../platform/config.ts'
import { presentCertificate } from '../certificates/index.ts'
import { summaryFrom } from '../learning/index.ts'
import type { LearnerRow } from './dashboard-learner-queries.ts'
import type { Due, Learner, LearnerCourse, Result } from './dashboard-learner-schemas.ts'

export function presentLearner(row: LearnerRow, config: Config): Learner {
  const { active, completed, pending, last_activity_at } = row
  return {
    active,
    completed,
    pending,
    courses: row.courses.map(presentCourse),
    results: row.results.map(presentResult),
    due: row.due.map(presentDue),
    certificates: {
      total: row.certificates_in_all,
      latest: row.certificates.map((told) =>
        presentCertificate(
          {
            ...told,
            completed_at: new Date(told.completed_at),
            issued_at: new Date(told.issued_at),
            revoked_at: told.revoked_at === null ? null : new Date(told.revoked_at),
          },
          config,
        ),
      ),
    },
    ...(last_activity_at ? { lastActivityAt: last_activity_at } : {}),
  }
}

function presentCourse(row: LearnerRow['courses'][number]): LearnerCourse {
  const { next, completed_at, last_activity_at, exam_missing: examMissing } = row
  return {
    enrollmentId: row.enrollment_id,
    status: row.status,
    course: row.course,
    progress: summaryFrom({
      completedLessons: row.completed_lessons,
      totalLessons: row.total_lessons,
      examMissing,
    }),
    examMissing,
    ...(next && {
      nextLesson: {
        id: next.id,
        title: next.title,
        type: next.type,
        ...(next.opens_at === null ? {} : { opensAt: new Date(next.opens_at) }),
      },
    }),
    activatedAt: new Date(row.activated_at),
    ...(completed_at === null ? {} : { completedAt: new Date(completed_at) }),
    ...(last_activity_at === null ? {} : { lastActivityAt: new Date(last_activity_at) }),
  }
}

function presentResult(row: LearnerRow['results'][number]): Result {
  return {
    attemptId: row.attempt_id,
    quizId: row.quiz_id,
    title: row.title,
    ...(row.lesson_id === null ? {} : { lessonId: row.lesson_id }),
    course: row.course,
    status: row.status,
    scorePercent: row.score_percent,
    passed: row.passed,
    submittedAt: new Date(row.submitted_at),
  }
}

function presentDue(row: LearnerRow['due'][number]): Due {
  const { kind, id, quiz_id, title, due_at } = row
  return {
    kind,
    ...(kind === 'attempt' ? { attemptId: id } : { enrollmentId: id }),
    ...(quiz_id === null ? {} : { quizId: quiz_id }),
    ...(title === null ? {} : { title }),
    course: row.course,
    ...(due_at === null ? {} : { dueAt: new Date(due_at) }),
  }
}
