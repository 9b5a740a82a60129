import type { TSchema } from 'typebox'
import { Type } from 'typebox'
import type { App } from '../http/app.ts'
import { exampleOf } from '../http/examples.ts'
import { anyone } from '../http/policy.ts'
import type { Realtime, SocketRequest } from './contract.ts'
import { sessionEnded, sessionRenew } from './session.ts'

/** What the protocol has whatever the modules are. */
export const ownPart = { requests: [sessionRenew], pushes: [sessionEnded] }

export type RequestDescription = Pick<
  SocketRequest,
  'name' | 'summary' | 'policy' | 'input' | 'reply' | 'limit'
>

const Refused = Type.Object({
  ok: Type.Literal(false),
  code: Type.String({ description: 'A stable word to program against.', examples: ['not_found'] }),
  detail: Type.String(),
  errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
  retryAfterSeconds: Type.Optional(Type.Integer()),
  requestId: Type.Optional(
    Type.String({ description: 'For the operator, where `code` is `internal_error`.' }),
  ),
})

const channel = { $ref: '#/channels/realtime' }
const messageOf = (name: string) => ({ $ref: `#/channels/realtime/messages/${name}` })
const refusal = 'refused'
const replyName = (name: string) => `${name}.reply`

/** The AsyncAPI 3.0 document of the realtime protocol, of the schemas that validate and filter it; operations are named as the server's. */
export function describeRealtime(parts: readonly Realtime[]): object {
  const requests: readonly RequestDescription[] = [
    ...ownPart.requests,
    ...parts.flatMap((part) => part.requests ?? []),
  ]
  const pushes = [...ownPart.pushes, ...parts.flatMap((part) => part.pushes ?? [])]
  const messages = {
    ...Object.fromEntries(requests.flatMap(messagesOf)),
    ...Object.fromEntries(
      pushes.map(({ name, summary, payload }) => [`push ${name}`, message({ name, summary, payload })]),
    ),
    [refusal]: message({ name: 'acknowledgement', summary: 'It is refused.', payload: Refused }),
  }
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Lectern, realtime',
      version: '0.1.0',
      description:
        'What goes over Socket.IO (protocol 5, WebSocket or long polling) at `/realtime`, beside the HTTP API of openapi.json. The handshake is `auth: { token }` with an access token. A message is a Socket.IO event: its name, one payload, and for requests an acknowledgement. docs/realtime.md tells the rest.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    servers: { school: { host: 'localhost:4000', pathname: '/realtime', protocol: 'ws' } },
    channels: { realtime: { address: '/', messages } },
    operations: Object.fromEntries([
      ...requests.map(operationOf),
      ...pushes.map(({ name, summary }) => [
        `push ${name}`,
        { action: 'send', channel, summary, messages: [messageOf(`push ${name}`)] },
      ]),
    ]),
  }
}

function operationOf({ name, summary, policy, limit }: RequestDescription) {
  return [
    name,
    {
      action: 'receive',
      channel,
      summary,
      messages: [messageOf(name)],
      reply: { channel, messages: [messageOf(replyName(name)), messageOf(refusal)] },
      'x-who': policy.who,
      'x-roles': policy.roles ?? undefined,
      'x-limit': limit,
    },
  ]
}

function messagesOf({ name, summary, input, reply }: RequestDescription) {
  return [
    [name, message({ name, summary, payload: input })],
    [
      replyName(name),
      message({ name: 'acknowledgement', summary: `Of ${name}.`, payload: acknowledged(reply) }),
    ],
  ]
}

/** A reply as it is sent: with `ok` before it. */
function acknowledged(reply: TSchema): TSchema {
  const { properties, required = [] } = reply as { properties?: object; required?: string[] }
  return {
    ...reply,
    properties: { ok: Type.Literal(true), ...properties },
    required: ['ok', ...required],
  } as TSchema
}

function message({ name, summary, payload }: { name: string; summary: string; payload: TSchema }) {
  return { name, title: name, summary, payload, examples: [{ payload: exampleOf(payload) }] }
}

/** Serves the document at `/asyncapi.json`. */
export function serveRealtimeReference(app: App, parts: readonly Realtime[]): void {
  const document = JSON.stringify(describeRealtime(parts))
  app.get('/asyncapi.json', { config: { policy: anyone }, schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(document),
  )
}
