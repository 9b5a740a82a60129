import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { idempotencyMismatch, transactOnce } from '../../platform/http/idempotency.ts'
import { pageQuery } from '../../platform/http/pagination.ts'
import { related, signedIn } from '../../platform/http/policy.ts'
import { forbidden, notFound, refuse } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { courseClosed, courseHidden, findCourseFacts, isVisible } from '../catalogue/index.ts'
import { cancelEnrollment } from './cancel-enrollment.ts'
import { enroll } from './enroll.ts'
import { alreadyEnrolled, enrollmentClosed } from './errors.ts'
import { listEnrollments } from './list-enrollments.ts'
import { requireReader } from './policy.ts'
import { presentEnrollment, presentStanding } from './present.ts'
import { findEnrollment, findLastEnrollment } from './queries.ts'
import {
  Enrollment,
  EnrollmentList,
  EnrollmentStanding,
  EnrollmentStatus,
  IdempotencyHeader,
  NewEnrollment,
} from './schemas.ts'

const tags = ['Enrolment and payment']

export function enrollmentRoutes(app: App, { db, transact }: Deps): void {
  app.post(
    '/enrollments',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'enroll',
        summary: 'Enroll in a course: active at once where it is free, else pending until it is paid',
        tags,
        headers: IdempotencyHeader,
        body: NewEnrollment,
        response: responses(
          { 200: { ...Enrollment, description: 'It was pending before.' }, 201: Enrollment },
          notFound,
          alreadyEnrolled,
          courseClosed,
          courseHidden,
          idempotencyMismatch,
        ),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      return transactOnce(transact, actor, request, reply, async (tx) => {
        const { enrollment, course, begun } = await enroll(tx, actor, request.body.courseId)
        return { status: begun ? 201 : 200, body: presentEnrollment(enrollment, course) }
      })
    },
  )

  app.get(
    '/enrollments/my',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'listMyEnrollments',
        summary: 'Own enrollments, newest first',
        tags,
        querystring: Closed({ ...pageQuery, status: Type.Optional(EnrollmentStatus) }),
        response: responses({ 200: EnrollmentList }),
      },
    },
    (request) => listEnrollments(db, actorOf(request).userId, request.query),
  )

  app.get(
    '/enrollments/:id',
    {
      config: { policy: related('its student, owner') },
      schema: {
        operationId: 'readEnrollment',
        summary: 'One enrollment',
        tags,
        params: Closed({ id: Id }),
        response: responses({ 200: Enrollment }, notFound),
      },
    },
    async (request) => {
      const enrollment = await findEnrollment(db, request.params.id)
      const course = enrollment && (await findCourseFacts(db, enrollment.course_id))
      if (!enrollment || !course) throw refuse(notFound)
      requireReader(actorOf(request), enrollment, course)
      return presentEnrollment(enrollment, course)
    },
  )

  app.post(
    '/enrollments/:id/cancel',
    {
      config: { policy: related('its student, admin') },
      schema: {
        operationId: 'cancelEnrollment',
        summary: 'Give an enrollment up',
        tags,
        params: Closed({ id: Id }),
        response: responses({ 200: Enrollment }, forbidden, notFound, enrollmentClosed),
      },
    },
    async (request) => {
      const { enrollment, course } = await transact((tx) =>
        cancelEnrollment(tx, actorOf(request), request.params.id),
      )
      return presentEnrollment(enrollment, course)
    },
  )

  app.get(
    '/courses/:id/enrollment-status',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'readEnrollmentStatus',
        summary: 'Where one stands with a course',
        tags,
        params: Closed({ id: Id }),
        response: responses({ 200: EnrollmentStanding }, notFound),
      },
    },
    async (request) => {
      const actor = actorOf(request)
      const course = await findCourseFacts(db, request.params.id)
      if (!course) throw refuse(notFound)
      const last = await findLastEnrollment(db, { userId: actor.userId, courseId: course.id })
      if (!last && !isVisible(actor, course)) throw refuse(notFound)
      return presentStanding(last)
    },
  )
}
