import { type TObject, type TProperties, type TSchema, Type } from 'typebox'
import type { RefusalKind } from './refusal.ts'

/** An object that takes no other fields: what every body and query is made of. */
export function Closed<Properties extends TProperties>(
  properties: Properties,
  options: object = {},
): TObject<Properties> {
  return Type.Object(properties, { ...options, additionalProperties: false })
}

/** A moment: ISO 8601 in UTC. Handlers give a `Date`. */
export const Time = Type.Unsafe<Date>({
  type: 'string',
  format: 'date-time',
  examples: ['2026-01-31T09:30:00.000Z'],
})

/** A page of a list. */
export function Page<Item extends TSchema>(item: Item) {
  return Type.Object({
    items: Type.Array(item),
    nextCursor: Type.Union([Type.String(), Type.Null()], {
      description: 'Give it back as `cursor` for the next page; null at the end.',
    }),
  })
}

/** Problem details (RFC 9457). */
export const Problem = Type.Object(
  {
    type: Type.String({ examples: ['about:blank'] }),
    title: Type.String(),
    status: Type.Integer({ examples: [409] }),
    code: Type.String({ description: 'A stable word to program against.', examples: ['email_taken'] }),
    detail: Type.String(),
    requestId: Type.String(),
    errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
  },
  { $id: 'Problem', additionalProperties: true },
)

/**
 * The responses of a route: what it answers when it succeeds, and the refusals it may answer with beside those every
 * route has (validation, sign-in, rate limit), which are added by its policy and schema.
 */
export function responses<Successes extends Record<number, TSchema>>(
  successes: Successes,
  ...refusals: readonly RefusalKind[]
): Successes {
  return { ...successes, ...refusalResponses(refusals) }
}

export function refusalResponses(refusals: readonly RefusalKind[]): Record<number, TSchema> {
  const byStatus = Map.groupBy(refusals, (refusal) => refusal.status)
  const entries = [...byStatus].map(([status, kinds]) => {
    const description = kinds.map(({ code, title }) => `\`${code}\`: ${title}`).join('\n\n')
    return [
      status,
      Type.Unsafe<never>({
        description,
        content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } },
      }),
    ]
  })
  return Object.fromEntries(entries)
}
