import type { Db } from '../../platform/database/database.ts'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { isMomentKey, readMoment } from '../../platform/http/moments.ts'
import { isIdKey, pageQuery, readPage, toPage } from '../../platform/http/pagination.ts'
import { only, signedIn } from '../../platform/http/policy.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { findPeople } from '../accounts/index.ts'
import { findCourseTitles } from '../catalogue/index.ts'
import { type ListedPayment, PaymentList, PaymentQuery, PersonalPaymentList } from './payment-list-schemas.ts'
import { findPayments, findPaymentsOf } from './payment-lists-queries.ts'
import { presentPayment } from './present.ts'
import type { PaymentRow } from './queries.ts'

const tags = ['Enrolment and payment']

export function paymentListRoutes(app: App, { db }: Deps): void {
  app.get(
    '/payments/my',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'listMyPayments',
        summary: 'Own payments, newest first',
        tags,
        querystring: Closed(pageQuery),
        response: responses({ 200: PaymentList }),
      },
    },
    async (request) => {
      const { limit, after } = readPage(request.query, isIdKey)
      const rows = await findPaymentsOf(db, actorOf(request).userId, { after, limit: limit + 1 })
      const { items, nextCursor } = toPage(rows, limit, (row) => row.id)
      return { items: await listed(db, items), nextCursor }
    },
  )

  app.get(
    '/payments',
    {
      config: { policy: only('admin') },
      schema: {
        operationId: 'listPayments',
        summary: 'All payments, newest first, by state, gateway and time',
        tags,
        querystring: PaymentQuery,
        response: responses({ 200: PersonalPaymentList }),
      },
    },
    async (request) => {
      const { status, gateway, from, to } = request.query
      const filter = {
        ...(status === undefined ? {} : { status }),
        ...(gateway === undefined ? {} : { gateway }),
        ...(from === undefined ? {} : { from: readMoment(from, '/from') }),
        ...(to === undefined ? {} : { to: readMoment(to, '/to') }),
      }
      const { limit, after } = readPage(request.query, isMomentKey)
      const rows = await findPayments(db, filter, { after, limit: limit + 1 })
      const page = toPage(rows, limit, (row) => ({ at: row.created_at.toISOString(), id: row.id }))
      const people = await findPeople(db, [...new Set(page.items.map((row) => row.user_id))])
      const byId = new Map(people.map((person) => [person.id, person]))
      const items = (await listed(db, page.items)).map((payment) => {
        const person = byId.get(payment.userId)
        return person ? { ...payment, person } : payment
      })
      return { items, nextCursor: page.nextCursor }
    },
  )
}

async function listed(db: Db, rows: readonly PaymentRow[]): Promise<ListedPayment[]> {
  const titles = await findCourseTitles(db, [...new Set(rows.map((row) => row.course_id))])
  const byId = new Map(titles.map((title) => [title.id, title]))
  return rows.flatMap((row) => {
    const course = byId.get(row.course_id)
    return course ? [{ ...presentPayment(row), course }] : []
  })
}
