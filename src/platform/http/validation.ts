import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { type TSchema, Type } from 'typebox'
import { Closed } from './schemas.ts'

const strict: Options = {
  allErrors: true,
  coerceTypes: false,
  useDefaults: true,
  removeAdditional: false,
  strict: false,
  // They are made by TypeBox; to compile the schema of schemas takes longer than all that are used.
  validateSchema: false,
}

const body = addFormats(new Ajv(strict))
const text = addFormats(new Ajv({ ...strict, coerceTypes: 'array' }))

/** Bodies are taken as they are; queries, parameters and headers are text, so numbers and booleans are read from it. */
export function validateStrictly(app: FastifyInstance): void {
  app.setValidatorCompiler<object>(({ schema, httpPart }) =>
    compileLater(httpPart === 'body' ? body : text, schema),
  )
}

/** A check by the rules of bodies for what does not come by a route; its `errors` are all the faults of the last value. */
export function compileStrictly(schema: TSchema): Check {
  return compileLater(body, schema)
}

/** Whether a value is as a schema says; all the faults of the last one that was not. */
export interface Check {
  (value: unknown): boolean
  errors?: ErrorObject[] | null
}

/** Compiled when it is needed first: a start would wait for hundreds of which it needs none. */
function compileLater(ajv: Ajv, schema: object): Check {
  let compiled: ValidateFunction | undefined
  const check: Check = (value) => {
    compiled ??= ajv.compile(schema)
    const isValid = compiled(value)
    check.errors = compiled.errors ?? null
    return isValid
  }
  return check
}

function addFormats(ajv: Ajv): Ajv {
  formats.default(ajv, ['date-time', 'date', 'email', 'uri', 'uuid'])
  return ajv
}

interface JsonSchema {
  readonly type?: string
  readonly additionalProperties?: unknown
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
}

/** What a route without a query, or without a body, takes. */
export const noQuery = Closed({})
export const noBody = Type.Optional(Type.Union([Closed({}), Type.Null()]))

/**
 * Unknown fields are an error: a route that declares no query or body takes none, and one whose body or query would let them pass,
 * at whatever depth, does not start. So does one that does not say what it answers.
 */
export function closeSchemas(route: RouteOptions): void {
  const { method, url, schema = {}, config } = route
  const takesBody = method !== 'GET' && method !== 'HEAD' && config?.documentedBody === undefined
  route.schema = {
    ...schema,
    querystring: schema.querystring ?? noQuery,
    ...(takesBody ? { body: schema.body ?? noBody } : {}),
  }
  for (const part of ['body', 'querystring'] as const) {
    if (isOpen(route.schema[part] ?? {})) {
      throw new Error(`${method} ${url}: its ${part} takes unknown fields; make it with Closed().`)
    }
  }
  const statuses = Object.keys((schema.response as object | undefined) ?? {})
  if (!statuses.some((status) => /^[23]/.test(status))) {
    throw new Error(`${method} ${url} does not declare what it answers (schema.response).`)
  }
}

/** Whether what a schema describes may have unknown fields, at whatever depth. */
export function isOpen(schema: object): boolean {
  const { type, additionalProperties, properties = {}, items, anyOf = [] } = schema as JsonSchema
  if (type === 'object' && additionalProperties !== false) return true
  return [...Object.values(properties), ...(items ? [items] : []), ...anyOf].some(isOpen)
}
