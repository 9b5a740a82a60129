import { inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { renderReceipt } from './receipt.ts'
import { hasReceipt, type ReceiptFacts, receiptLines } from './receipt-rules.ts'

const payment = {
  id: '019a3b5e-7c1d-7e2a-9f40-5b6c7d8e9f01',
  gateway: 'stripe',
  amount: 44_910,
  currency: 'INR',
  list_amount: 49_900,
  refunded_amount: 0,
  capture_reference: 'pi_1',
}
const facts: ReceiptFacts = {
  school: 'Škola Ωmega',
  payment,
  capturedAt: new Date('2026-01-31T23:30:00.000Z'),
  courseTitle: 'Git\nbasics\u202e',
  person: { name: 'Жанна Ňová', email: 'z@example.org' },
}
const says = (change: Partial<ReceiptFacts['payment']>, rest: Partial<ReceiptFacts> = {}) =>
  Object.fromEntries(receiptLines({ ...facts, ...rest, payment: { ...payment, ...change } }))

describe('receiptLines', () => {
  it('says number, date, person, course, price, discount, what was paid and where', () => {
    expect(says({})).toEqual({
      'Receipt number': payment.id,
      Date: '2026-01-31 (UTC)',
      'Received from': 'Жанна Ňová <z@example.org>',
      Course: 'Git basics',
      Price: '₹499.00',
      Discount: '-₹49.90',
      Paid: '₹449.10',
      'Paid through': 'stripe, pi_1',
    })
  })
  it.each([
    [{ list_amount: 44_910 }, { Discount: undefined, Paid: '₹449.10' }],
    [{ refunded_amount: 4_910 }, { Refunded: '-₹49.10', Kept: '₹400.00' }],
    [{ refunded_amount: 44_910 }, { Refunded: '-₹449.10', Kept: '₹0.00' }],
    [
      { amount: 0, gateway: 'coupon', capture_reference: null },
      { 'Paid through': 'a coupon for the whole price' },
    ],
    [
      { currency: 'JPY', amount: 500, list_amount: 500 },
      { Price: '¥500', Paid: '¥500' },
    ],
    [{ currency: 'KWD', amount: 1_500, list_amount: 1_500 }, { Paid: 'KWD\u00a01.500' }],
  ])('%j: %j', (change, lines) => {
    const said = says(change)
    for (const [label, value] of Object.entries(lines)) expect(said[label]).toBe(value)
  })
  it('names nobody who was deleted', () => {
    expect(says({}, { person: null })['Received from']).toBe('a deleted account')
  })
})

describe('hasReceipt', () => {
  it.each([
    ['pending', false],
    ['failed', false],
    ['captured', true],
    ['refunded', true],
  ] as const)('%s: %s', (status, has) => expect(hasReceipt(status)).toBe(has))
})

describe('renderReceipt', () => {
  it('is one page whose embedded fonts have the letters of Latin, Greek and Cyrillic and the rupee', async () => {
    const pdf = Buffer.concat(await (await renderReceipt(facts)).toArray())
    const text = pdf.toString('latin1')
    expect(text).toMatch(/^%PDF-1\.\d/)
    expect(text.match(/\/Type \/Page\b/g)).toHaveLength(1)
    expect(text.match(/\/FontFile2/g)).toHaveLength(2)
    // the maps from glyphs back to characters, which are what a reader copies and searches by
    const maps = [...text.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)]
      .map((match) => inflated(Buffer.from(match[1] ?? '', 'latin1')))
      .filter((stream) => stream.includes('begincmap'))
      .join('\n')
      .toLowerCase()
    for (const letter of 'ЖŇΩŠ₹') {
      const code = letter.codePointAt(0)?.toString(16).padStart(4, '0')
      expect(maps, letter).toContain(`<${code}>`)
    }
  })
  it('copes with letters that the font does not have', async () => {
    const strange = { ...facts, courseTitle: '漢字 हिन्दी 🎓 שלום', person: { name: '', email: '' } }
    const pdf = Buffer.concat(await (await renderReceipt(strange)).toArray())
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
  })
})

function inflated(stream: Buffer): string {
  try {
    return inflateSync(stream).toString('latin1')
  } catch {
    return ''
  }
}
