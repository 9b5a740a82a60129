import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { isIdKey, pageQuery, readPage, toPage } from '../../platform/http/pagination.ts'
import { only, related } from '../../platform/http/policy.ts'
import { forbidden, notFound } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { changeCoupon } from './change-coupon.ts'
import { couponTaken } from './coupon-errors.ts'
import { type CouponRow, findCoupons } from './coupon-queries.ts'
import { normalizeCode } from './coupon-rules.ts'
import { Coupon, CouponChange, CouponList, NewCoupon } from './coupon-schemas.ts'
import { createCoupon } from './create-coupon.ts'

const tags = ['Enrolment and payment']

export function couponRoutes(app: App, { db, transact }: Deps): void {
  app.post(
    '/coupons',
    {
      config: { policy: related('owner', 'instructor', 'admin') },
      schema: {
        operationId: 'createCoupon',
        summary: 'Make a coupon, for one course or (admins) for all',
        description:
          'Exactly one of `percentOff` and `amountOff`. A percentage is rounded down to whole minor units; nothing goes below zero.',
        tags,
        body: NewCoupon,
        response: responses({ 201: Coupon }, forbidden, notFound, couponTaken),
      },
    },
    async (request, reply) => {
      const coupon = await transact((tx) => createCoupon(tx, actorOf(request), request.body))
      return reply.code(201).send(presentCoupon(coupon))
    },
  )

  app.get(
    '/coupons',
    {
      config: { policy: only('instructor', 'admin') },
      schema: {
        operationId: 'listCoupons',
        summary: 'Coupons, newest first: all for admins, those of their own courses for instructors',
        tags,
        querystring: Closed({
          ...pageQuery,
          courseId: Type.Optional(Id),
          code: Type.Optional(Type.String({ maxLength: 60 })),
        }),
        response: responses({ 200: CouponList }),
      },
    },
    async (request) => {
      const { limit, after } = readPage(request.query, isIdKey)
      const { userId, role } = actorOf(request)
      const { courseId, code } = request.query
      const filter = {
        taughtBy: role === 'admin' ? null : userId,
        ...(courseId === undefined ? {} : { courseId }),
        ...(code === undefined ? {} : { code: normalizeCode(code) }),
      }
      const rows = await findCoupons(db, filter, { after, limit: limit + 1 })
      const { items, nextCursor } = toPage(rows, limit, (row) => row.id)
      return { items: items.map(presentCoupon), nextCursor }
    },
  )

  app.patch(
    '/coupons/:id',
    {
      config: { policy: related('owner', 'instructor', 'admin') },
      schema: {
        operationId: 'changeCoupon',
        summary: 'Change what a coupon gives from now on, and its limits; null takes one away',
        tags,
        params: Closed({ id: Id }),
        body: CouponChange,
        response: responses({ 200: Coupon }, notFound),
      },
    },
    async (request) =>
      presentCoupon(
        await transact((tx) => changeCoupon(tx, actorOf(request), request.params.id, request.body)),
      ),
  )
}

function presentCoupon(row: CouponRow): Coupon {
  const { percent_off, amount_off, currency, course_id, max_redemptions, per_user, starts_at, ends_at } = row
  return {
    id: row.id,
    code: row.code,
    ...(percent_off === null ? {} : { percentOff: percent_off }),
    ...(amount_off === null || currency === null ? {} : { amountOff: { amount: amount_off, currency } }),
    ...(course_id === null ? {} : { courseId: course_id }),
    ...(max_redemptions === null ? {} : { maxRedemptions: max_redemptions }),
    ...(per_user === null ? {} : { perUser: per_user }),
    ...(starts_at === null ? {} : { startsAt: starts_at }),
    ...(ends_at === null ? {} : { endsAt: ends_at }),
    redeemed: row.redeemed,
    createdAt: row.created_at,
  }
}
