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
export function toStripeAmount(money: Money): { amount: number; currency: string } {
  const objection = stripeObjectionTo(money)
  const units = unitsOf(money)
  if (objection !== null || units === null) throw refuse(amountNotPayable, objection ?? undefined)
  return { amount: units, currency: money.currency.toLowerCase() }
}

/**
 * Why Stripe cannot take or give back exactly this amount; null where nothing speaks against it. The least amount of a charge is not
 * known here: it depends on the currency that the account is paid in and on the rate of the day.
 */
export function stripeObjectionTo(money: Money): string | null {
  const { currency } = money
  if (stripeDigits(currency) === null) return `Stripe does not take ${currency}.`
  const units = unitsOf(money)
  if (units === null) return `Stripe takes whole ${currency} only.`
  if (withThreeDigits.has(currency) && units % 10 !== 0)
    return `Stripe takes amounts in ${currency} whose last digit is 0.`
  if (units < 1 || units > mostUnits) return 'The amount is too small or too large for Stripe.'
  return null
}

function unitsOf({ amount, currency }: Money): number | null {
  const digits = stripeDigits(currency)
  return digits === null ? null : shift(amount, digits - minorDigits(currency))
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
