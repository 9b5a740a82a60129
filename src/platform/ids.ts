import { Type } from 'typebox'
import { v7 } from 'uuid'

/**
 * A new UUIDv7 (RFC 9562, section 5.7): its order is the order of creation, which keyset pages rely on. Within one process that holds
 * for ids of the same millisecond too (section 6.2, a counter), which `randomUUIDv7` of `node:crypto` does not promise.
 */
export function newId(): string {
  return v7()
}

const pattern = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
const expression = new RegExp(pattern)

/** The wire shape of an id. */
export const Id = Type.String({ pattern, examples: ['019a3b5e-7c1d-7e2a-9f40-5b6c7d8e9f01'] })

/** Whether a text can be an id at all; asking the database about anything else is an error there. */
export function isId(text: string): boolean {
  return expression.test(text)
}
