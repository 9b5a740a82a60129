import { Value } from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { formatMoney, isCurrency, MoneySchema, minorDigits, sameMoney } from './money.ts'

/** `Intl` separates with no-break spaces of two kinds; which one is not our promise. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')

describe('the wire shape', () => {
  test.each([
    [{ amount: 0, currency: 'INR' }, true],
    [{ amount: 49900, currency: 'INR' }, true],
    [{ amount: Number.MAX_SAFE_INTEGER, currency: 'JPY' }, true],
    [{ amount: Number.MAX_SAFE_INTEGER + 1, currency: 'JPY' }, false],
    [{ amount: -1, currency: 'INR' }, false],
    [{ amount: 4.99, currency: 'USD' }, false],
    [{ amount: '499', currency: 'USD' }, false],
    [{ amount: 499, currency: 'usd' }, false],
    [{ amount: 499, currency: 'USDX' }, false],
    [{ amount: 499 }, false],
    [{ amount: 499, currency: 'USD', cents: true }, false],
  ])('%j: %s', (value, fits) => {
    expect(Value.Check(MoneySchema, value)).toBe(fits)
  })
})

test.each([
  ['INR', true],
  ['USD', true],
  ['XOF', true],
  ['inr', false],
  ['', false],
  ['ZZZ', false],
  ['XAU', false],
  ['XXX', false],
  ['XDR', false],
  ['DEM', false],
  ['HRK', false],
  ['BGN', false],
])('%s can be paid with: %s', (code, can) => {
  expect(isCurrency(code)).toBe(can)
})

test.each([
  ['INR', 2],
  ['USD', 2],
  ['JPY', 0],
  ['VND', 0],
  ['UGX', 0],
  ['KWD', 3],
  // where the CLDR, and so Intl, says otherwise
  ['HUF', 2],
  ['IDR', 2],
  ['COP', 2],
  ['PKR', 2],
  ['MMK', 2],
  ['IQD', 3],
])('%s has %i digits in its minor unit', (currency, digits) => {
  expect(minorDigits(currency)).toBe(digits)
})

test.each([
  [49900, 'INR', 'en-IN', '₹499.00'],
  [12345678, 'INR', 'en-IN', '₹1,23,456.78'],
  [0, 'USD', 'en-US', '$0.00'],
  [5, 'USD', 'en-US', '$0.05'],
  [500, 'JPY', 'en-US', '¥500'],
  [1234, 'KWD', 'en-US', 'KWD 1.234'],
  [1999900, 'IDR', 'en-US', 'IDR 19,999.00'],
  [123450, 'EUR', 'de-DE', '1.234,50 €'],
  [Number.MAX_SAFE_INTEGER, 'USD', 'en-US', '$90,071,992,547,409.91'],
])('%i %s reads in %s as %s', (amount, currency, locale, text) => {
  expect(plain(formatMoney({ amount, currency }, locale))).toBe(text)
})

test('money is the same only in amount and currency', () => {
  const price = { amount: 500, currency: 'INR' }
  expect(sameMoney(price, { ...price })).toBe(true)
  expect(sameMoney(price, { ...price, amount: 501 })).toBe(false)
  expect(sameMoney(price, { ...price, currency: 'JPY' })).toBe(false)
})
