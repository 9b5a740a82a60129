import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TProperties } from 'typebox'
import { describe, expect, it } from 'vitest'
import openapi from '../../../openapi.json' with { type: 'json' }
import { modules } from '../../modules.ts'
import { exampleOf } from '../../platform/http/examples.ts'
import { publicData, publicEvents, publicTypes, testEvent } from './event-types.ts'
import { signMessage } from './sign-message.ts'

const docs = await readFile(join(import.meta.dirname, '../../../docs/webhooks.md'), 'utf8')

describe('what leaves', () => {
  it.each(publicEvents)('$type: what is listed, at every depth, and nothing that is added to it', (event) => {
    const listed = exampleOf(event.data) as Record<string, unknown>
    const deeper = Object.entries(listed).map(([name, value]) => [
      name,
      typeof value === 'object' && !Array.isArray(value) ? { ...value, secret: 's' } : value,
    ])
    const payload = { ...Object.fromEntries(deeper), token: 't', note: { body: 'b' } }
    expect(publicData(event, payload)).toEqual(listed)
  })

  it('has no field that would say more than who, which, how much and how it went', () => {
    const fields = new Set(publicEvents.flatMap(({ data }) => Object.keys(data.properties as TProperties)))
    const ids = [...fields].filter((field) => field.endsWith('Id')).sort()
    expect(ids).toEqual([
      'attemptId',
      'certificateId',
      'courseId',
      'enrollmentId',
      'lessonId',
      'paymentId',
      'quizId',
      'refundId',
      'reviewId',
      'userId',
    ])
    expect([...fields].filter((field) => !field.endsWith('Id')).sort()).toEqual([
      'amount',
      'expired',
      'fields',
      'from',
      'full',
      'passed',
      'reason',
      'role',
      'scorePercent',
      'stars',
      'to',
    ])
  })

  it('is of types that somebody hears, each once', () => {
    const heard = modules.flatMap(({ subscribers = [] }) => subscribers).map(({ name }) => name)
    expect(publicTypes).toEqual([...new Set(publicTypes)])
    for (const type of publicTypes) expect(heard).toContain(`webhooks.${type}`)
  })

  it.each([
    'session.',
    'identity.',
    'message.',
    'conversation.',
    'call.',
    'guardian.',
    'child.',
    'question.',
  ])('is nothing of %s…', (family) =>
    expect(publicTypes.filter((type) => type.startsWith(family))).toEqual([]),
  )
})

describe('the documents', () => {
  const rows = [...publicEvents, testEvent].map(({ type, says, data }) => {
    const fields = Object.keys(data.properties as TProperties).map((field) => `\`${field}\``)
    return `| \`${type}\` | ${says} | ${fields.join(', ')} |`
  })

  it('docs/webhooks.md lists every type with its fields, and no other', () => {
    const listed = docs.split('\n').filter((line) => /^\| `[a-z_]+\.[a-z_]+` \|/.test(line))
    expect(listed).toEqual(rows)
  })

  it('openapi.json has every type', () =>
    expect(Object.keys(openapi.webhooks)).toEqual([...publicTypes, testEvent.type]))
})

describe('the verifier of docs/webhooks.md', async () => {
  const code = /```js\n(import [\s\S]*?)```/.exec(docs)?.[1] ?? ''
  const folder = await mkdtemp(join(tmpdir(), 'lectern-verifier-'))
  await writeFile(join(folder, 'verify.mjs'), code)
  const { verify } = await import(join(folder, 'verify.mjs'))
  await rm(folder, { recursive: true })

  const at = new Date('2026-03-01T12:00:00.000Z')
  const body = '{"type":"webhook.test","data":{"name":"Zoë"}}'
  const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'one-of-my-own']
  const headers = signMessage({ id: 'a', body: Buffer.from(body), at }, secrets)

  it.each(secrets)('takes what is signed with %s', (secret) =>
    expect(verify(secret, headers, body, at.getTime())).toEqual(JSON.parse(body)),
  )

  it.each([
    ['another secret', 'another-secret', {}, body, 0],
    ['another body', secrets[0], {}, `${body} `, 0],
    ['another id', secrets[0], { 'webhook-id': 'b' }, body, 0],
    ['no signature', secrets[0], { 'webhook-signature': '' }, body, 0],
    ['a signature of another kind', secrets[0], { 'webhook-signature': 'v1a,abc v1,' }, body, 0],
    ['one of six minutes ago', secrets[0], {}, body, 360_000],
    ['one of the future', secrets[0], {}, body, -360_000],
  ])('refuses %s', (_what, secret, more, said, later) =>
    expect(() => verify(secret, { ...headers, ...more }, said, at.getTime() + later)).toThrow(),
  )
})
