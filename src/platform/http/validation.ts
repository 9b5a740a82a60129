import { Ajv, type Options } from 'ajv'
import formats from 'ajv-formats'
import type { FastifyInstance } from 'fastify'

const strict: Options = {
  allErrors: true,
  coerceTypes: false,
  useDefaults: true,
  removeAdditional: false,
  strict: false,
}

/** Bodies are taken as they are; queries, parameters and headers are text, so numbers and booleans are read from it. */
export function validateStrictly(app: FastifyInstance): void {
  const body = addFormats(new Ajv(strict))
  const text = addFormats(new Ajv({ ...strict, coerceTypes: 'array' }))
  app.setValidatorCompiler(({ schema, httpPart }) =>
    (httpPart === 'body' ? body : text).compile(schema as object),
  )
}

function addFormats(ajv: Ajv): Ajv {
  formats.default(ajv, ['date-time', 'date', 'email', 'uri', 'uuid'])
  return ajv
}

interface ObjectSchema {
  readonly type?: string
  readonly additionalProperties?: unknown
}

/** Unknown fields are an error, so a body or query that would let them pass does not start. */
export function refuseOpenSchemas(route: {
  method: unknown
  url: string
  schema?: { body?: unknown; querystring?: unknown }
}): void {
  for (const part of ['body', 'querystring'] as const) {
    const schema = route.schema?.[part] as ObjectSchema | undefined
    if (schema?.type === 'object' && schema.additionalProperties !== false) {
      throw new Error(
        `${route.method} ${route.url}: its ${part} takes unknown fields; make it with Closed().`,
      )
    }
  }
}
