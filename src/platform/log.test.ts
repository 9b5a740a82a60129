import { expect, it } from 'vitest'
import { type Log, logTo } from './log.ts'

/** What a line shows of what was logged. */
function shownOf(write: (log: Log) => void): Record<string, unknown> {
  const lines: string[] = []
  write(logTo({ write: (line) => void lines.push(line) }, 'info'))
  return JSON.parse(lines.join())
}

const names = [
  'authorization',
  'cookie',
  'password',
  'newPassword',
  'currentPassword',
  'token',
  'refreshToken',
  'accessToken',
]

it.each(names)('shows no %s: of a line, an object in it, an error, the headers of a request', (name) => {
  const secret = { [name]: 'a secret' }
  const error = Object.assign(new Error('it broke'), secret)
  for (const line of [
    secret,
    { inner: secret },
    { err: error },
    { reason: error },
    { req: { headers: secret } },
  ]) {
    expect(JSON.stringify(shownOf((log) => log.info(line, 'said')))).not.toContain('a secret')
  }
  expect(shownOf((log) => log.child(secret).info('said'))[name]).toBe('[redacted]')
  expect(secret[name]).toBe('a secret')
})

it('shows no connection that hangs on an error, as the pool leaves it there', () => {
  const error = Object.assign(new Error('terminated'), { code: '57P01', client: { secretKey: 4711 } })
  const shown = shownOf((log) => log.warn({ err: error }, 'a database connection was lost'))
  expect(shown.err).toMatchObject({ message: 'terminated', code: '57P01' })
  expect(JSON.stringify(shown)).not.toContain('4711')
})

it('shows everything else, and of an error where it was thrown', () => {
  const line = {
    text: 'of it',
    number: 7,
    none: null,
    list: ['token'],
    inner: { name: 'Ada', at: new Date(0) },
  }
  expect(shownOf((log) => log.warn(line, 'said'))).toMatchObject({
    ...line,
    inner: { name: 'Ada', at: '1970-01-01T00:00:00.000Z' },
    msg: 'said',
  })
  const err = Object.assign(new TypeError('it broke'), { code: 'E_BROKEN', token: 'a secret' })
  expect(shownOf((log) => log.error({ err }, 'said')).err).toMatchObject({
    type: 'TypeError',
    message: 'it broke',
    code: 'E_BROKEN',
    token: '[redacted]',
    stack: expect.stringContaining('log.test.ts'),
  })
})
