import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { checkoutRoutes } from './checkout-routes.ts'
import { couponRoutes } from './coupon-routes.ts'
import { paymentListRoutes } from './payment-list-routes.ts'
import { receiptRoutes } from './receipt-routes.ts'
import { refundRoutes } from './refund-routes.ts'
import { simulatorRoutes } from './simulator-routes.ts'
import { verifyRoutes } from './verify-routes.ts'
import { webhookRoutes } from './webhook-routes.ts'

export async function paymentRoutes(app: App, deps: Deps): Promise<void> {
  checkoutRoutes(app, deps)
  verifyRoutes(app, deps)
  refundRoutes(app, deps)
  simulatorRoutes(app, deps)
  couponRoutes(app, deps)
  paymentListRoutes(app, deps)
  receiptRoutes(app, deps)
  await webhookRoutes(app, deps)
}
