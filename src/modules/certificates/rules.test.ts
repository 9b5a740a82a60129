import { describe, expect, it } from 'vitest'
import { claimsText, codeOf, formatCode, formatDay, readCode, verifyUrl } from './rules.ts'

describe('a code', () => {
  it.each([
    [Buffer.alloc(16), '00000000000000000000000000'],
    [Buffer.alloc(16, 0xff), '7ZZZZZZZZZZZZZZZZZZZZZZZZZ'],
    [Buffer.from('000000000000000000000000000003e8', 'hex'), '000000000000000000000000Z8'],
  ])('of %o is %s', (bytes, code) => {
    expect(codeOf(bytes)).toBe(code)
  })

  const code = '0H4ZK9T2MQR7XWD3C8VNP6JS1E'

  it('is printed in groups, and read back', () => {
    expect(formatCode(code)).toBe('0H4ZK-9T2MQ-R7XWD-3C8VN-P6JS1E')
    expect(readCode(formatCode(code))).toBe(code)
  })

  it.each([
    ['small', code.toLowerCase()],
    ['in one piece', code],
    ['in other groups', '0H4Z K9T2 MQR7 XWD3 C8VN P6JS 1E'],
    ['with O for 0 and I for 1', 'OH4ZK-9T2MQ-R7XWD-3C8VN-P6JSIE'],
    ['with o for 0 and l for 1', 'oH4ZK-9T2MQ-R7XWD-3C8VN-P6JSlE'],
  ])('typed %s is understood', (_, typed) => {
    expect(readCode(typed)).toBe(code)
  })

  it.each(['', '-', code.slice(1), `${code}0`, `U${code.slice(1)}`, `${code.slice(1)}é`, `${code}' or 1=1`])(
    '%j is none',
    (typed) => {
      expect(readCode(typed)).toBeNull()
    },
  )
})

it('claims are written one way: without spaces, in one order', () => {
  const claims = { issuedAt: 'T', course: 'C "1"', holder: 'H', code: 'X', school: 'S' }
  expect(claimsText(claims)).toBe(
    '{"school":"S","code":"X","holder":"H","course":"C \\"1\\"","issuedAt":"T"}',
  )
})

it('the day is the one in UTC', () => {
  expect(formatDay(new Date('2026-11-30T23:59:59Z'))).toBe('30 November 2026')
})

it('the link keeps the signed claims behind the #, where no server sees them', () => {
  const url = new URL(verifyUrl('https://school.example', '0H4ZK9T2MQR7XWD3C8VNP6JS1E', 'a.b.c'))
  expect(url.pathname).toBe('/verify/0H4ZK-9T2MQ-R7XWD-3C8VN-P6JS1E')
  expect(url.hash).toBe('#a.b.c')
})
