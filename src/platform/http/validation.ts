import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { type TSchema, Type } from 'typebox'
import { Closed } from './schemas.ts'

const strict: Options = {
  coerceTypes: false,
  useDefaults: true,
  removeAdditional: false,
  strict: false,
  // They are made by TypeBox; to compile the schema of schemas takes longer than all that are used.
  validateSchema: false,
}

/** One way to read values, twice: `first` ends with the first fault, `all` finds each. */
interface Reading {
  readonly first: Ajv
  readonly all: Ajv
}

const body = readingBy(strict)
const text = readingBy({ ...strict, coerceTypes: 'array' })

function readingBy(options: Options): Reading {
  const [first, all] = [new Ajv(options), new Ajv({ ...options, allErrors: true })]
  for (const ajv of [first, all]) formats.default(ajv, ['date-time', 'date', 'email', 'uri', 'uuid'])
  return { first, all }
}

/** Of how many values (fields, items and what they are in) a value may be made for all that is wrong with it to be looked for. */
const mostValues = 5_000

/** Bodies are taken as they are; queries, parameters and headers are text, so numbers and booleans are read from it. */
export function validateStrictly(app: FastifyInstance): void {
  app.setValidatorCompiler<object>(({ schema, httpPart }) =>
    compileLater(httpPart === 'body' ? body : text, schema),
  )
}

/** A check by the rules of bodies for what does not come by a route. */
export function compileStrictly(schema: TSchema): Check {
  return compileLater(body, schema)
}

/**
 * Whether a value is as a schema says; `errors` are all the faults of the last one that was not, or the first alone where it is too
 * large to look for more: each unknown field is a fault, so that one request could have a hundred thousand.
 */
export interface Check {
  (value: unknown): boolean
  errors?: ErrorObject[] | null
}

/** Compiled when it is needed first: a start would wait for hundreds of which it needs none. */
function compileLater({ first, all }: Reading, schema: object): Check {
  let isRight: ValidateFunction | undefined
  let findAll: ValidateFunction | undefined
  const check: Check = (value) => {
    isRight ??= first.compile(schema)
    check.errors = null
    if (isRight(value)) return true
    check.errors = isRight.errors ?? []
    if (isSmall(value)) {
      findAll ??= all.compile(schema)
      if (!findAll(value)) check.errors = findAll.errors ?? []
    }
    return false
  }
  return check
}

function isSmall(value: unknown): boolean {
  const rest = [value]
  for (let seen = 1; rest.length > 0; ) {
    const next = rest.pop()
    if (next === null || typeof next !== 'object') continue
    for (const name in next) {
      if (++seen > mostValues) return false
      rest.push((next as Record<string, unknown>)[name])
    }
  }
  return true
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
