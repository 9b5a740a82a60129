import { expect, it } from 'vitest'
import { amountNotPayable } from './errors.ts'
import { fromStripeAmount, toStripeAmount } from './stripe-amounts.ts'

it.each([
  { case: 'two digits are as we have them', currency: 'INR', ours: 49_900, stripe: 49_900 },
  { case: 'HUF is charged with two digits', currency: 'HUF', ours: 1_045, stripe: 1_045 },
  { case: 'TWD is charged with two digits', currency: 'TWD', ours: 80_045, stripe: 80_045 },
  { case: 'no digits are as we have them', currency: 'JPY', ours: 500, stripe: 500 },
  { case: 'no digits are as we have them', currency: 'VND', ours: 20_000, stripe: 20_000 },
  { case: 'ISK has no digits here and two zeros there', currency: 'ISK', ours: 5, stripe: 500 },
  { case: 'UGX has no digits here and two zeros there', currency: 'UGX', ours: 5, stripe: 500 },
  { case: 'MGA has two digits here and none there', currency: 'MGA', ours: 500, stripe: 5 },
  { case: 'three digits that end in 0', currency: 'KWD', ours: 5_120, stripe: 5_120 },
  { case: 'the largest', currency: 'IDR', ours: 999_999_999_999, stripe: 999_999_999_999 },
])('$currency $ours is $stripe at Stripe, and back: $case', ({ currency, ours, stripe }) => {
  const money = { amount: ours, currency }
  expect(toStripeAmount(money)).toEqual({ amount: stripe, currency: currency.toLowerCase() })
  expect(fromStripeAmount(stripe, currency.toLowerCase())).toEqual(money)
})

it.each([
  { case: 'three digits that do not end in 0', currency: 'KWD', amount: 5_124 },
  { case: 'MGA in parts', currency: 'MGA', amount: 550 },
  { case: 'three digits of which Stripe says nothing', currency: 'IQD', amount: 1_000 },
  { case: 'nothing', currency: 'INR', amount: 0 },
  { case: 'thirteen digits', currency: 'INR', amount: 1_000_000_000_000 },
  { case: 'thirteen digits, once written with two zeros', currency: 'ISK', amount: 10_000_000_000 },
  { case: 'more than a number holds', currency: 'UGX', amount: Number.MAX_SAFE_INTEGER },
])('409 amount_not_payable: $currency $amount, $case', ({ currency, amount }) => {
  expect(() => toStripeAmount({ amount, currency })).toThrow(
    expect.objectContaining({ kind: amountNotPayable }),
  )
})

it('an amount of Stripe that is no whole number of our minor units is told, not rounded', () => {
  expect(() => fromStripeAmount(550, 'isk')).toThrow(RangeError)
})
