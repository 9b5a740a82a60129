import { createRequire } from 'node:module'
import type { Stripe } from 'stripe'
import type { Config } from '../../platform/config.ts'
import { type Check, type Finding, failure, ok, reasonOf, warning } from '../../platform/doctor/check.ts'
import { createRazorpayClient, type RazorpayFailure } from './razorpay-client.ts'
import { address } from './stripe-gateway.ts'

const timeoutMs = 10_000
const load = createRequire(import.meta.url)

/** What the doctor looks at: whether there is a way to be paid, and whether each gateway takes its keys. Nothing is changed there. */
export const gatewayChecks: readonly Check[] = [
  { name: 'gateways', run: async ({ config }) => judgeGateways(config) },
  { name: 'stripe', run: ({ config }) => checkStripe(config) },
  { name: 'razorpay', run: ({ config }) => checkRazorpay(config) },
]

function judgeGateways({ production, stripe, razorpay, simulator }: Config): Finding {
  const real = [stripe.secretKey ? 'stripe' : null, razorpay.keyId ? 'razorpay' : null].filter(Boolean)
  if (production && simulator.on)
    return warning('Courses can be had without money: the simulator is on.', 'Unset PAYMENTS_SIMULATOR.')
  if (production && real.length === 0)
    return warning('None is configured: only free courses can be had.', 'Set the keys of Stripe or Razorpay.')
  return ok([...real, ...(simulator.on ? ['simulator'] : [])].join(', ') || 'None: free courses only.')
}

/** The signing secret of its webhooks is there where the key is: the configuration sees to that. */
async function checkStripe({ stripe: { secretKey, apiBase }, production }: Config): Promise<Finding | null> {
  if (secretKey === null) return null
  const sdk = load('stripe') as typeof Stripe
  const stripe = new sdk(secretKey, {
    timeout: timeoutMs,
    maxNetworkRetries: 0,
    telemetry: false,
    ...address(apiBase),
  })
  try {
    const { livemode } = await stripe.balance.retrieve()
    return judgeMode('Stripe', livemode, production)
  } catch (error) {
    // A restricted key need not be allowed to see the balance.
    if (error instanceof sdk.errors.StripePermissionError)
      return judgeMode('Stripe', /^rk_live_/.test(secretKey), production)
    if (error instanceof sdk.errors.StripeAuthenticationError) return refused('Stripe', 'STRIPE_SECRET_KEY')
    return away('Stripe', reasonOf(error))
  }
}

async function checkRazorpay({ razorpay, production }: Config): Promise<Finding | null> {
  const { keyId, keySecret, apiBase } = razorpay
  if (keyId === null || keySecret === null) return null
  try {
    await createRazorpayClient({ keyId, keySecret, apiBase, timeoutMs }).orders.all({ count: 1 })
    return judgeMode('Razorpay', keyId.startsWith('rzp_live_'), production)
  } catch (thrown) {
    const { statusCode, error } = thrown as RazorpayFailure
    if (statusCode === 401) return refused('Razorpay', 'RAZORPAY_KEY_ID and RAZORPAY_KEY_SECRET')
    return away('Razorpay', error?.description ?? error?.code ?? reasonOf(thrown))
  }
}

function judgeMode(gateway: string, live: boolean, production: boolean): Finding {
  if (live) return ok(`${gateway} takes the keys.`)
  if (!production) return ok(`${gateway} takes the keys, which are for tests.`)
  return warning(`${gateway} takes the keys, but they are for tests: no money comes.`, 'Set the live keys.')
}

const refused = (gateway: string, variables: string): Finding =>
  failure(`${gateway} refuses the keys.`, `Set ${variables} as its dashboard shows them.`)

const away = (gateway: string, reason: string): Finding =>
  failure(
    `${gateway} does not answer as it should: ${reason}.`,
    'See whether this machine may reach it, and whether its status page tells of trouble.',
  )
