import type { RouteOptions } from 'fastify'
import {
  forbidden,
  identityProviderFailed,
  type RefusalKind,
  rateLimited,
  unauthenticated,
  validationFailed,
} from './refusal.ts'

/** What a route may answer because of its schema and its policy, said once for all. */
export function standardRefusals(route: RouteOptions): RefusalKind[] {
  const { policy } = route.config ?? {}
  const kinds: RefusalKind[] = [rateLimited]
  kinds.push(validationFailed)
  if (policy && policy.token !== 'none') kinds.push(unauthenticated, identityProviderFailed)
  if (policy && (policy.roles || policy.token === 'required')) kinds.push(forbidden)
  return kinds
}
