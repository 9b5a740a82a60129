import { type Static, Type } from 'typebox'

/** The wire shape of money: whole minor units (paise, cents, yen) and an ISO 4217 code. Never a float. */
export const MoneySchema = Type.Object(
  {
    amount: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, examples: [49900] }),
    currency: Type.String({ pattern: '^[A-Z]{3}$', examples: ['INR'] }),
  },
  { additionalProperties: false },
)

/** `amount` is an integer in the currency's minor unit, see `minorDigits`. */
export type Money = Static<typeof MoneySchema>

/**
 * Digits after the decimal point where ISO 4217 does not say 2 (list one of its maintenance agency,
 * https://www.six-group.com/en/products-services/financial-information/data-standards.html).
 * `Intl` is no source for them: it follows the CLDR, which shows HUF, IDR, COP, PKR and others without the
 * two digits that ISO 4217 and the payment gateways give them, so a price would be off by a hundred.
 */
const digitsByCurrency = new Map<string, number>([
  ...['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF'].map((code) => [code, 0] as const),
  ...['UGX', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'].map((code) => [code, 0] as const),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((code) => [code, 3] as const),
])

/** Known to the runtime, but units of account (XDR, XSU) or withdrawn: nobody can pay with them. */
const notTender = new Set(['XDR', 'XSU', 'ANG', 'BGN', 'CUC', 'HRK', 'SLL', 'ZWL'])

const currencies = new Set(Intl.supportedValuesOf('currency').filter((code) => !notTender.has(code)))

/** Whether a price may be in this currency: an ISO 4217 code in capitals, of money in use. */
export function isCurrency(code: string): boolean {
  return currencies.has(code)
}

/** How many decimal digits the minor unit stands for, by ISO 4217: INR 2, JPY 0, KWD 3. */
export function minorDigits(currency: string): number {
  return digitsByCurrency.get(currency) ?? 2
}

/**
 * Money for people to read: `{ 49900, INR }` is `₹499.00` in `en-IN`.
 * @param locale a BCP 47 tag; a malformed one throws a RangeError, an unknown one falls back to the runtime's
 */
export function formatMoney(money: Money, locale: string): string {
  const digits = minorDigits(money.currency)
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: money.currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  // as a decimal text, which Intl reads exactly: dividing would round large amounts to the nearest double
  return format.format(`${money.amount}E-${digits}` as `${number}`)
}

/** Same amount in the same currency. */
export function sameMoney(a: Money, b: Money): boolean {
  return a.amount === b.amount && a.currency === b.currency
}
