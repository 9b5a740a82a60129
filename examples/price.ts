import type { Course } from '../client/src/index.ts'

/** Money is counted in minor units; how many of them make one is the currency's (ISO 4217), and the browser knows it. */
export function priceOf({ price }: Pick<Course, 'price'>): string {
  if (!price) return 'free'
  const format = new Intl.NumberFormat(undefined, { style: 'currency', currency: price.currency })
  return format.format(price.amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}
