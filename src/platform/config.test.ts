import { mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readConfig } from './config.ts'
import { ConfigurationError } from './settings.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'lectern-config-'))
const secret = 's'.repeat(40)

describe('the configuration', () => {
  it('needs nothing: every variable has its documented default', () => {
    const config = readConfig({ LECTERN_DATA: folder() })
    expect(config).toMatchObject({
      production: false,
      host: '127.0.0.1',
      port: 4000,
      publicUrl: 'http://127.0.0.1:4000',
      demo: true,
      jobs: 'inline',
      accessTokenSeconds: 900,
      refreshTokenSeconds: 604_800,
      registrationRoles: ['student', 'parent', 'instructor'],
      rateLimits: true,
    })
    expect(Object.isFrozen(config)).toBe(true)
  })

  it('generates its secret once, readable by the owner alone, and keeps it over restarts', () => {
    const data = folder()
    const first = readConfig({ LECTERN_DATA: data }).accessTokenSecrets
    expect(readConfig({ LECTERN_DATA: data }).accessTokenSecrets).toEqual(first)
    expect(statSync(join(data, 'secrets.json')).mode & 0o777).toBe(0o600)
  })

  it('tells every fault at once, by variable', () => {
    const wrong = {
      LECTERN_DATA: folder(),
      PORT: '70000',
      JOBS: 'sometimes',
      ACCESS_TOKEN_EXPIRE: 'soon',
      PUBLIC_URL: 'school',
      REGISTRATION_ROLES: 'student,admin',
      RATE_LIMITS: 'maybe',
      ACCESS_TOKEN_SECRET: 'short',
      NODE_ENV: 'prod',
      TRUST_PROXY: 'everybody',
      MAIL_FROM: 'nobody',
      REFRESH_TOKEN_EXPIRE: '999999d',
      DATABASE_URL: 'mysql://localhost/school',
      REDIS_URL: 'localhost:6379',
      SMTP_URL: 'https://mail.example',
      ADMIN_EMAIL: 'root',
      ADMIN_PASSWORD: 'short',
      CORS_ORIGINS: 'https://school.example/',
      CLERK_JWT_KEY: 'abc',
      STRIPE_SECRET_KEY: 'pk_test_publishable',
      STRIPE_WEBHOOK_SECRET: 'secret',
      STRIPE_API_BASE: 'stripe',
      RAZORPAY_KEY_ID: 'key',
      RAZORPAY_API_BASE: 'ftp://razorpay',
      MEDIA_STORE: 'tape',
      S3_ENDPOINT: 'minio:9000',
      AI_BASE_URL: 'localhost:11434',
      AI_DAILY_QUOTA: '0',
      CLOUDINARY_URL: 'https://cloudinary.com',
    }
    const read = () => readConfig(wrong)
    for (const name of Object.keys(wrong).filter((name) => name !== 'LECTERN_DATA'))
      expect(read).toThrow(new RegExp(`${name} `))
  })

  it.each([
    [{ STRIPE_SECRET_KEY: 'sk_test_1' }, /STRIPE_WEBHOOK_SECRET goes with STRIPE_SECRET_KEY/],
    [{ STRIPE_WEBHOOK_SECRET: 'whsec_1' }, /STRIPE_WEBHOOK_SECRET goes with STRIPE_SECRET_KEY/],
    [{ RAZORPAY_KEY_ID: 'rzp_test_1' }, /RAZORPAY_KEY_ID goes with/],
    [{ RAZORPAY_WEBHOOK_SECRET: 'x' }, /RAZORPAY_KEY_ID goes with/],
  ])('refuses half a payment gateway: %j', (environment, fault) => {
    expect(() => readConfig({ LECTERN_DATA: folder(), ...environment })).toThrow(fault)
  })

  it.each([
    [{ MEDIA_STORE: 's3' }, ['S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY']],
    [{ S3_ENDPOINT: 'http://minio:9000', S3_BUCKET: 'school' }, ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY']],
    [{ MEDIA_STORE: 'cloudinary' }, ['CLOUDINARY_URL']],
    [{ CLOUDINARY_URL: 'cloudinary://school' }, ['CLOUDINARY_URL']],
  ])('refuses half a store: %j lacks %j', (environment, lacking) => {
    const read = () => readConfig({ LECTERN_DATA: folder(), ...environment })
    for (const name of lacking) expect(read).toThrow(new RegExp(`${name} (is needed|must be)`))
  })

  it.each([
    [{ AI_BASE_URL: 'http://127.0.0.1:11434/v1' }, /AI_MODEL is needed beside AI_BASE_URL/],
    [{ AI_MODEL: 'tutor' }, /AI_BASE_URL is needed beside AI_MODEL/],
    [{ AI_API_KEY: 'sk-1' }, /AI_BASE_URL is needed beside AI_API_KEY/],
  ])('refuses half an assistant: %j', (environment, fault) => {
    expect(() => readConfig({ LECTERN_DATA: folder(), ...environment })).toThrow(fault)
  })

  it.each([
    [{}, /ACCESS_TOKEN_SECRET must be set in production/],
    [{ ACCESS_TOKEN_SECRET: secret, RATE_LIMITS: 'off' }, /RATE_LIMITS cannot be off in production/],
    [{ ACCESS_TOKEN_SECRET: 'changeme' }, /ACCESS_TOKEN_SECRET must have at least 32/],
  ])('refuses to start in production with %j', (environment, fault) => {
    expect(() => readConfig({ NODE_ENV: 'production', LECTERN_DATA: folder(), ...environment })).toThrow(
      fault,
    )
  })

  it('loads no demo in production unless asked for', () => {
    const production = { NODE_ENV: 'production', ACCESS_TOKEN_SECRET: secret, LECTERN_DATA: folder() }
    expect(readConfig(production).demo).toBe(false)
    expect(readConfig({ ...production, LECTERN_DEMO: 'on' }).demo).toBe(true)
  })

  it('takes any environment, or refuses it by a list of faults', () => {
    const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')
    const rows = readme.split('\n').filter((line) => line.startsWith('| `'))
    const names = new Set(rows.flatMap((row) => row.split('|')[1]?.match(/\b[A-Z][A-Z0-9_]+\b/g) ?? []))
    expect(names.size).toBeGreaterThan(50)
    names.delete('LECTERN_DATA')
    const LECTERN_DATA = folder()
    const value = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.webUrl(),
      fc.constantFrom(
        '',
        '0',
        '-1',
        '1e9',
        'NaN',
        '15m',
        '0m',
        '99999999999999999999d',
        '1.5',
        'on',
        ',',
        '=',
      ),
      fc.constantFrom(
        'postgres://',
        'postgres://a:b@[::1',
        'redis://',
        's3://',
        'cloudinary://a:b@c',
        'https://x/?a#b',
      ),
      fc.constantFrom(
        '::1/129',
        '\ud800',
        'https://name:word@host',
        'file:///etc/passwd',
        '-----BEGIN PUBLIC KEY-----',
      ),
    )
    const environment = fc.dictionary(fc.constantFrom(...names), value, { minKeys: 1, maxKeys: 3 })
    const read = (given: Record<string, string>) => {
      try {
        return JSON.stringify(readConfig({ ...given, LECTERN_DATA }), (_, value) =>
          typeof value === 'number' && !Number.isFinite(value) ? expect.fail('not a number') : value,
        )
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigurationError)
        return String(error)
      }
    }
    const property = fc.property(environment, (given) => {
      expect(read(given)).not.toBe('')
    })
    fc.assert(property, { numRuns: 150 })
  })
})
