import { describe, expect, it } from 'vitest'
import { glyphsOf, textsOf } from '../../../test/support/pdf.ts'
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
      Course: facts.courseTitle,
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
  const render = async (change: Partial<ReceiptFacts>) =>
    Buffer.concat(await (await renderReceipt({ ...facts, ...change })).toArray())

  it('is one page that says it all in one line each', async () => {
    const pdf = await render({})
    const text = pdf.toString('latin1')
    expect(text).toMatch(/^%PDF-1\.\d/)
    expect(text.match(/\/Type \/Page\b/g)).toHaveLength(1)
    expect(textsOf(pdf)).toEqual([
      'Škola Ωmega',
      'Receipt',
      ...['Receipt number', payment.id],
      ...['Date', '2026-01-31 (UTC)'],
      ...['Received from', 'Жанна Ňová <z@example.org>'],
      ...['Course', 'Git basics'],
      ...['Price', '₹499.00', 'Discount', '-₹49.90', 'Paid', '₹449.10'],
      ...['Paid through', 'stripe, pi_1'],
    ])
  })

  it.each([
    ['Hindi', 'ज्योत्स्ना क्षत्रिय', 'विज्ञान की शुरुआत'],
    ['Chinese', '王小明', '計算機科學'],
    ['Sinhala', 'ශ්\u200dරී ක්\u200dරිෂ්ණ', 'ගණිතය'],
  ])('prints names in %s, letter by letter', async (_script, name, courseTitle) => {
    const texts = textsOf(await render({ courseTitle, person: { name, email: 'n@example.org' } }))
    expect(texts).toContain(`${name} <n@example.org>`)
    expect(texts).toContain(courseTitle)
  })

  it('prints names in Arabic, from the right', async () => {
    const person = { name: 'محمد', email: 'm@example.org' }
    const texts = textsOf(await render({ courseTitle: 'بسم الله', person }))
    const run = (text: string) => Array.from(text).reverse().join('|')
    expect(texts.join('|')).toContain(run('محمد'))
    expect(texts.join('|')).toContain(run('بسم الله'))
  })

  it.each([
    { name: '漢字 हिन्दी 🎓 שלום', email: 'x@example.org' },
    { name: '', email: '' },
  ])('has no empty box for %j', async (person) => {
    const pdf = await render({ courseTitle: '漢'.repeat(200), person })
    expect(glyphsOf(pdf).length).toBeGreaterThan(300)
    expect(glyphsOf(pdf)).not.toContain(0)
  })
})
