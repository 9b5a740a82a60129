import type { Deps } from '../../platform/deps.ts'
import { badField, refuse } from '../../platform/http/refusal.ts'
import { gatewayNotConfigured } from './errors.ts'
import type { Gateway, GatewayName } from './gateway.ts'
import { createRazorpayGateway } from './razorpay-gateway.ts'
import { createSimulator } from './simulator.ts'
import { createStripeGateway } from './stripe-gateway.ts'

export const gatewayNames = ['stripe', 'razorpay', 'simulator'] as const satisfies readonly GatewayName[]

const made = new WeakMap<Deps, readonly Gateway[]>()

/** The gateways that are configured, in the order in which they are preferred: one set for the whole program. */
export function gatewaysOf(deps: Deps): readonly Gateway[] {
  const gateways = made.get(deps) ?? createGateways(deps)
  made.set(deps, gateways)
  return gateways
}

/** For tests: other gateways, which are the outside world. */
export function setGateways(deps: Deps, gateways: readonly Gateway[]): void {
  made.set(deps, gateways)
}

function createGateways(deps: Deps): readonly Gateway[] {
  const { config, log } = deps
  const gateways: Gateway[] = []
  const { secretKey, webhookSecret } = config.stripe
  if (secretKey && webhookSecret)
    gateways.push(createStripeGateway({ ...config.stripe, secretKey, webhookSecret, log }))
  const { keyId, keySecret, webhookSecret: secret } = config.razorpay
  if (keyId && keySecret && secret)
    gateways.push(createRazorpayGateway({ ...config.razorpay, keyId, keySecret, webhookSecret: secret, log }))
  if (config.simulator.on) gateways.push(createSimulator(deps))
  return gateways
}

export function isGatewayName(name: string): name is GatewayName {
  return gatewayNames.some((known) => known === name)
}

/** @throws Refusal 503 where the gateway is not configured */
export function gatewayNamed(deps: Deps, name: string): Gateway {
  const gateway = gatewaysOf(deps).find((candidate) => candidate.name === name)
  if (!gateway) throw refuse(gatewayNotConfigured, `The gateway ${name} is not configured here.`)
  return gateway
}

/** The gateway that was asked for, or the preferred one. */
export function chooseGateway(deps: Deps, name: string | undefined): Gateway {
  if (name !== undefined && !isGatewayName(name))
    throw badField('/gateway', `must be one of ${gatewayNames.join(', ')}`)
  if (name !== undefined) return gatewayNamed(deps, name)
  const [preferred] = gatewaysOf(deps)
  if (!preferred) throw refuse(gatewayNotConfigured, 'No payment gateway is configured here.')
  return preferred
}
