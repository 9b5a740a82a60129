import stringifierOf from 'fast-json-stringify'
import type { FastifyReply } from 'fastify'
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

/** Answers with JSON that was written already, by a serializer of the route's schema: what it does not list does not leave so either. */
export function sendJson(reply: FastifyReply, text: string): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(text)
}
