import type { Role } from '../actor.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route with its declared policy, in the order of registration. */
    policies: RoutePolicy[]
  }
}

export interface RoutePolicy {
  readonly method: string
  readonly url: string
  readonly policy: Policy
  /** A page or an asset, which the API reference leaves out. */
  readonly hidden: boolean
}

/** Who may use a route. Every route declares one; the guard holds what it can know, the use case holds the relation. */
export interface Policy {
  /** As in the API reference: `public`, `any`, `admin`, `owner`, `enrolled` … */
  readonly who: string
  /** `none`: no token is looked at; `optional`: a token is honoured; `required`: 401 without one. */
  readonly token: 'none' | 'optional' | 'required'
  /** The roles that may pass; null: every role. */
  readonly roles: readonly Role[] | null
}

/** Nobody needs to be signed in, and no token is looked at. */
export const anyone: Policy = { who: 'public', token: 'none', roles: null }

/** Nobody needs to be signed in; who is, may see more. */
export const visitor: Policy = { who: 'public', token: 'optional', roles: null }

/** The handler reads the bearer itself, since it may be of somebody whom nobody here knows yet. */
export const bearerByHandler: Policy = { who: 'bearer', token: 'none', roles: null }

/** Anybody who is signed in. */
export const signedIn: Policy = { who: 'any', token: 'required', roles: null }

/** Anybody signed in who has one of these roles. */
export function only(...roles: Role[]): Policy {
  return { who: roles.join(' or '), token: 'required', roles }
}

/**
 * Who stands in a relation to the thing asked for: the use case decides, and the matrix test proves it.
 * @param relation the word of the API reference: `owner`, `enrolled`, `self` …
 * @param roles the roles among which the relation can hold; the others are refused at once
 */
export function related(relation: string, ...roles: Role[]): Policy {
  return { who: relation, token: 'required', roles: roles.length > 0 ? roles : null }
}
