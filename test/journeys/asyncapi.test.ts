import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import schema from '@asyncapi/specs/schemas/3.0.0-without-$id.json' with { type: 'json' }
import { Ajv } from 'ajv'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { realtimeParts } from '../../src/app.ts'
import { compileStrictly } from '../../src/platform/http/validation.ts'
import { ownPart } from '../../src/platform/realtime/asyncapi.ts'
import { createWorld, type World } from '../support/world.ts'

interface Document {
  readonly asyncapi: string
  readonly channels: { readonly realtime: { readonly messages: Record<string, Message> } }
  readonly operations: Record<string, Operation>
}
interface Message {
  readonly payload: object
  readonly examples: readonly { readonly payload: unknown }[]
}
interface Operation {
  readonly action: 'send' | 'receive'
  readonly messages: readonly { readonly $ref: string }[]
  readonly reply?: { readonly messages: readonly { readonly $ref: string }[] }
}

const root = join(import.meta.dirname, '../..')
const requests: readonly { readonly name: string }[] = [
  ...ownPart.requests,
  ...realtimeParts().flatMap((part) => part.requests ?? []),
]
const pushes = [...ownPart.pushes, ...realtimeParts().flatMap((part) => part.pushes ?? [])]
let world: World
let document: Document

beforeAll(async () => {
  world = await createWorld()
  document = (await world.client.get('/asyncapi.json')).body
})
afterAll(() => world.close())

describe('GET /asyncapi.json', () => {
  it('200: the committed document, linked from the landing page', async () => {
    expect(document).toEqual(JSON.parse(await readFile(join(root, 'asyncapi.json'), 'utf8')))
    expect(document.asyncapi).toBe('3.0.0')
    expect((await world.client.get('/')).body).toContain('/asyncapi.json')
  })

  it('is an AsyncAPI document, by the schema of AsyncAPI 3.0', () => {
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema)
    expect(validate(document) || validate.errors).toBe(true)
    expect(validate({ ...document, operations: { say: { action: 'shout' } } })).toBe(false)
  })

  it('has an operation for every request, with its reply, and for every push', () => {
    const { operations } = document
    for (const { name } of requests) {
      expect(operations[name]?.action, name).toBe('receive')
      expect(operations[name]?.reply?.messages, name).toHaveLength(2)
    }
    for (const { name } of pushes) expect(operations[`push ${name}`]?.action, name).toBe('send')
    expect(Object.keys(operations)).toHaveLength(requests.length + pushes.length)
  })

  it('refers to messages that are there', () => {
    const { messages } = document.channels.realtime
    const named = Object.values(document.operations)
      .flatMap((operation) => [...operation.messages, ...(operation.reply?.messages ?? [])])
      .map(({ $ref }) => $ref.replace('#/channels/realtime/messages/', ''))
    expect(named.filter((name) => !(name in messages))).toEqual([])
  })

  it('shows examples that its schemas take', () => {
    const wrong = Object.entries(document.channels.realtime.messages).flatMap(([name, message]) => {
      const validate = compileStrictly(message.payload)
      return message.examples.flatMap(({ payload }) => (validate(payload) ? [] : [[name, validate.errors]]))
    })
    expect(wrong).toEqual([])
  })
})

it('docs/realtime.md tells of every request and every push', async () => {
  const text = await readFile(join(root, 'docs/realtime.md'), 'utf8')
  const missing = [...requests, ...pushes].filter(({ name }) => !text.includes(`\`${name}`))
  expect(missing.map(({ name }) => name)).toEqual([])
})
