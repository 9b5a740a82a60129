import stringifierOf from 'fast-json-stringify'
import type { TSchema } from 'typebox'

const made = new WeakMap<TSchema, (value: unknown) => string>()

/** Writes values as their schema says, as answers by HTTP are: a field that it does not list does not leave. */
export function serializerOf(schema: TSchema): (value: unknown) => string {
  const serialize = made.get(schema) ?? stringifierOf(schema as object)
  made.set(schema, serialize)
  return serialize
}
