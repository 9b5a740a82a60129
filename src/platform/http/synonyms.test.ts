import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { resolveSynonyms } from './synonyms.ts'

const resolve = (method: string, url: string) => {
  const request = { method, url } as IncomingMessage
  const path = resolveSynonyms(request)
  return `${request.method} ${path}`
}

describe('synonyms', () => {
  it.each([
    ['GET /api/v1/courses?q=git', 'GET /api/courses?q=git'],
    ['GET /api/v1', 'GET /api'],
    ['POST /api/v1/modules', 'POST /api/sections'],
    ['PATCH /api/modules/1', 'PATCH /api/sections/1'],
    ['GET /api/lectures/1?x=1', 'GET /api/lessons/1?x=1'],
    ['GET /api/courses/1/lectures/2', 'GET /api/courses/1/lessons/2'],
    ['POST /api/progress/lecture', 'POST /api/progress/lesson'],
    ['POST /api/payments/create-order', 'POST /api/payments/create'],
    ['GET /api/auth/refresh_token', 'POST /api/auth/refresh'],
    ['POST /api/auth/refresh_token', 'POST /api/auth/refresh'],
    ['GET /api/v1/auth/logout', 'POST /api/auth/logout'],
  ])('%s is %s', (asked, meant) => {
    const [method = '', url = ''] = asked.split(' ')
    expect(resolve(method, url)).toBe(meant)
  })
  it.each([
    'GET /api/v11/courses',
    'GET /api/modulesque',
    'GET /api/auth/refresh',
    'GET /modules',
    'DELETE /api/auth/logout',
  ])('%s is left alone', (asked) => {
    const [method = '', url = ''] = asked.split(' ')
    expect(resolve(method, url)).toBe(asked)
  })
})
