import { refuse } from '../../platform/http/refusal.ts'
import { type Money, minorDigits } from '../../platform/money.ts'
import { amountNotPayable } from './errors.ts'

/** Whole units are what Stripe counts in, whatever ISO 4217 says (it gives MGA two digits). */
const withoutDigits = new Set([
  ...['BIF', 'CLP', 'DJF', 'GNF', 'JPY', 'KMF', 'KRW', 'MGA'],
  ...['PYG', 'RWF', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'],
])
/** Three digits, of which the last must be 0. */
const withThreeDigits = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND'])
/** Without digits by ISO 4217 too; Stripe still writes two, which must be 00. */
const withTwoZeros = new Set(['ISK', 'UGX'])

/** Twelve digits: the most that Stripe takes by card in any currency; each account and method may have less. */
const mostUnits = 999_999_999_999

/**
 * Our amount (minor units by ISO 4217) in Stripe's units, which differ for some currencies; never rounded.
 * HUF and TWD are special for payouts alone and are charged with two digits.
 * Source: https://docs.stripe.com/currencies#zero-decimal, #three-decimal and #special-cases
 * @throws Refusal 409 `amount_not_payable` where Stripe cannot take exactly this amount
 */
export function toStripeAmount({ amount, currency }: Money): { amount: number; currency: string } {
  const digits = stripeDigits(currency)
  if (digits === null) throw refuse(amountNotPayable, `Stripe does not take ${currency}.`)
  const units = shift(amount, digits - minorDigits(currency))
  if (units === null) throw refuse(amountNotPayable, `Stripe takes whole ${currency} only.`)
  if (withThreeDigits.has(currency) && units % 10 !== 0)
    throw refuse(amountNotPayable, `Stripe takes amounts in ${currency} whose last digit is 0.`)
  if (units < 1 || units > mostUnits)
    throw refuse(amountNotPayable, 'The amount is too small or too large for Stripe.')
  return { amount: units, currency: currency.toLowerCase() }
}

/**
 * An amount as Stripe says it, in ours.
 * @param currency as Stripe writes it, in small letters
 * @throws RangeError where it has no whole number of our minor units: not an amount that we asked for
 */
export function fromStripeAmount(units: number, currency: string): Money {
  const code = currency.toUpperCase()
  const amount = shift(units, minorDigits(code) - (stripeDigits(code) ?? minorDigits(code)))
  if (amount === null || amount < 0) throw new RangeError(`${units} ${code} of Stripe is no whole amount`)
  return { amount, currency: code }
}

function stripeDigits(currency: string): 0 | 2 | 3 | null {
  if (withTwoZeros.has(currency)) return 2
  if (withoutDigits.has(currency)) return 0
  if (withThreeDigits.has(currency)) return 3
  // IQD, LYD: Stripe says nothing of them, so that two digits would be a guess
  return minorDigits(currency) === 2 ? 2 : null
}

/** Times a power of ten, or null where that is no safe whole number. */
function shift(amount: number, digits: number): number | null {
  const shifted = digits < 0 ? amount / 10 ** -digits : amount * 10 ** digits
  return Number.isSafeInteger(shifted) ? shifted : null
}
