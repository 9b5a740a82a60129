import type { RouteOptions } from 'fastify'
import {
  forbidden,
  identityProviderFailed,
  overloaded,
  type RefusalKind,
  rateLimited,
  tooLarge,
  unauthenticated,
  unsupportedMedia,
  validationFailed,
} from './refusal.ts'
import { noBody } from './validation.ts'

/** What a route may answer because of its schema and its policy, said once for all. */
export function standardRefusals(route: RouteOptions): RefusalKind[] {
  const { policy } = route.config ?? {}
  const kinds: RefusalKind[] = [rateLimited, validationFailed, overloaded]
  if (takesBody(route)) kinds.push(tooLarge, unsupportedMedia)
  if (policy && policy.token !== 'none') kinds.push(unauthenticated, identityProviderFailed)
  if (policy && (policy.roles || policy.token === 'required')) kinds.push(forbidden)
  return kinds
}

function takesBody({ schema, config }: RouteOptions): boolean {
  const body = schema?.body
  return config?.documentedBody !== undefined || (body !== undefined && body !== noBody)
}
