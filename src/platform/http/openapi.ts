import swagger from '@fastify/swagger'
import type { FastifySchema, RouteOptions } from 'fastify'
import type { App } from './app.ts'
import { exampleOf } from './examples.ts'
import { renderMatrix } from './matrix.ts'
import type { Policy } from './policy.ts'
import { Problem } from './schemas.ts'
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
          refreshCookie: { type: 'apiKey', in: 'cookie', name: 'lectern_refresh' },
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
    ...(response ? { response: withExamples(response) } : {}),
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

/** Of the answers that have a body; refusals are problem documents, which have theirs. */
function withExamples(responses: unknown): object {
  const entries = Object.entries(responses as Record<string, object>)
  return Object.fromEntries(
    entries.map(([status, schema]) => {
      const hasBody =
        status.startsWith('2') && !('content' in schema) && 'type' in schema && schema.type === 'object'
      return [status, hasBody ? withExample(schema) : schema]
    }),
  )
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body that the reference shows where the route reads a stream. */
    documentedBody?: unknown
  }
}

/** The OpenAPI document of all routes, the authorization matrix in its introduction. */
export function describedApi(app: App): object {
  const document = app.swagger()
  return {
    ...document,
    info: { ...document.info, description: `${description}\n\n${renderMatrix(app.policies)}` },
  }
}
