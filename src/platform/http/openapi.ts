import swagger from '@fastify/swagger'
import type { FastifySchema, RouteOptions } from 'fastify'
import type { App } from './app.ts'
import { exampleOf } from './examples.ts'
import { renderMatrix } from './matrix.ts'
import type { Policy } from './policy.ts'
import { Problem, refusalResponses } from './schemas.ts'
import { standardRefusals } from './standard-refusals.ts'
import { noBody, noQuery } from './validation.ts'

/** What the API reference says beside what the routes say themselves. */
const description = `Everything that Lectern does, by HTTP. Errors are problem documents (RFC 9457) with a stable \`code\`; lists are keyset pages
(\`{ items, nextCursor }\`); times are ISO 8601 in UTC; money is \`{ amount, currency }\` in minor units.

Sign in by \`POST /api/auth/login\` and send the access token as a bearer.`

/** Generates the OpenAPI 3.1 document from the routes; call before the first route is added. */
export async function describeApi(app: App): Promise<void> {
  app.addSchema(Problem)
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Lectern', version: '0.1.0', description, license: { name: 'MIT', identifier: 'MIT' } },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          refreshCookie: {
            type: 'apiKey',
            in: 'cookie',
            name: 'lectern_refresh',
            description: 'In production its name is `__Secure-lectern_refresh`.',
          },
        },
      },
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, i) => String(json.$id ?? `schema-${i}`) },
    transform: ({ schema, url, route }) => ({ schema: describeRoute(schema, route), url }),
  })
}

function describeRoute(schema: FastifySchema | undefined, route: RouteOptions): FastifySchema {
  const policy = route.config?.policy
  const { body: said, response, querystring, ...rest } = schema ?? {}
  const body = said === noBody ? undefined : said
  const described = {
    ...rest,
    ...(querystring && querystring !== noQuery ? { querystring } : {}),
    // Multipart bodies are described but read as a stream, so Fastify must not validate them.
    ...(route.config?.documentedBody
      ? { body: withExample(route.config.documentedBody) }
      : body
        ? { body: withExample(body) }
        : {}),
    ...(response ? { response: describeResponses(response as Responses, route) } : {}),
    security: rest.security ?? securityOf(policy),
    'x-who': policy?.who,
    'x-roles': policy?.roles ?? undefined,
  }
  return described as FastifySchema
}

function securityOf(policy: Policy | undefined) {
  if (!policy || policy.token === 'none') return []
  return [{ bearer: [] }, ...(policy.token === 'optional' ? [{}] : [])]
}

function withExample(schema: unknown): object {
  const described = schema as object
  return 'examples' in described ? described : { ...described, examples: [exampleOf(described)] }
}

type Responses = Readonly<Record<string, { description?: string; content?: object; type?: string }>>

const successes: Readonly<Record<string, string>> = {
  200: 'What was asked for.',
  201: 'Made.',
  202: 'Accepted; it happens soon.',
  204: 'Done; there is nothing to say.',
}
const notModified = { type: 'null', description: 'What `If-None-Match` names is still what there is.' }

function describeResponses(responses: Responses, route: RouteOptions): Responses {
  const entries = Object.entries(responses).map(([status, schema]) => [
    status,
    status.startsWith('2') ? describeSuccess(status, schema) : schema,
  ])
  const isPublicGet = route.method === 'GET' && route.config?.policy?.token !== 'required'
  return {
    ...Object.fromEntries(entries),
    ...joinedRefusals(responses, route),
    ...(isPublicGet ? { 304: notModified } : {}),
  }
}

/** Refusals are problem documents, which have an example of theirs. */
function describeSuccess(status: string, schema: Responses[string]): object {
  const hasBody = !schema.content && schema.type === 'object'
  const described = hasBody ? withExample(schema) : schema
  const words = schema.description ?? successes[status]
  return words === undefined ? described : { ...described, 'x-response-description': words }
}

/** Where a route has a refusal of its own by the status of one that every route has, both are told. */
function joinedRefusals(responses: Responses, route: RouteOptions): Responses {
  const joined: Record<string, object> = {}
  for (const [status, standard] of Object.entries(refusalResponses(standardRefusals(route)))) {
    const own = responses[status]
    const { description = '' } = standard as { description?: string }
    if (own?.content && !own.description?.includes(description))
      joined[status] = { ...own, description: `${own.description}\n\n${description}` }
  }
  return joined
}

/** A request that we make of others: what the reference shows of it. */
export interface OutgoingMessage {
  readonly name: string
  readonly summary: string
  readonly description: string
  readonly body: object
}

declare module 'fastify' {
  interface FastifyInstance {
    /** All of them, in the order of the reference. */
    outgoing: OutgoingMessage[]
  }
  interface FastifyContextConfig {
    /** The body that the reference shows where the route reads a stream. */
    documentedBody?: unknown
  }
}

function describeOutgoing({ name, summary, description: words, body }: OutgoingMessage) {
  const header = (header: string) => ({
    in: 'header',
    name: header,
    required: true,
    schema: { type: 'string' },
  })
  const post = {
    summary,
    description: words,
    tags: ['Webhooks'],
    security: [],
    parameters: ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(header),
    requestBody: { required: true, content: { 'application/json': { schema: withExample(body) } } },
    responses: {
      '2XX': { description: 'Taken.' },
      410: { description: 'No more: the webhook is disabled.' },
      default: { description: 'Not taken: it is sent again.' },
    },
  }
  return [name, { post }] as const
}

/** The OpenAPI document of all routes, the authorization matrix in its introduction. */
export function describedApi(app: App): object {
  const document = app.swagger()
  return {
    ...document,
    webhooks: Object.fromEntries(app.outgoing.map(describeOutgoing)),
    info: { ...document.info, description: `${description}\n\n${renderMatrix(app.policies)}` },
  }
}
