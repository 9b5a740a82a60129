import stringifierOf from 'fast-json-stringify'
import type { TSchema } from 'typebox'

const made = new WeakMap<object, (value: unknown) => string>()

/**
 * Writes values as their schema says: a field that it does not list does not leave. It is compiled when it is needed first: a start
 * would wait for thousands of which it needs none.
 */
export function serializerOf(schema: TSchema | object): (value: unknown) => string {
  return (value) => {
    let serialize = made.get(schema)
    if (!serialize) {
      serialize = stringifierOf(schema)
      made.set(schema, serialize)
    }
    return serialize(value)
  }
}
