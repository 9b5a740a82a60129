import { csvLine } from '../../platform/csv.ts'
import type { ImportOutcome, ImportTotals } from './schemas.ts'

type Batches = AsyncIterable<readonly ImportOutcome[]> | Iterable<readonly ImportOutcome[]>

/** The report as JSON, written as the outcomes come. */
export async function* jsonReport(batches: Batches): AsyncGenerator<string> {
  const totals: ImportTotals = { lines: 0, enrolled: 0, alreadyEnrolled: 0, unknownPerson: 0, invalid: 0 }
  yield '{"rows":['
  for await (const batch of batches) {
    if (batch.length === 0) continue
    const separator = totals.lines === 0 ? '' : ','
    for (const { outcome } of batch) totals[counterOf[outcome]]++
    totals.lines += batch.length
    yield `${separator}${batch.map((row) => JSON.stringify(row)).join(',')}`
  }
  yield `],"totals":${JSON.stringify(totals)}}`
}

const counterOf = {
  enrolled: 'enrolled',
  already_enrolled: 'alreadyEnrolled',
  unknown_person: 'unknownPerson',
  invalid: 'invalid',
} as const

/** The same as CSV, without the totals, which have no place there. */
export async function* csvReport(batches: Batches): AsyncGenerator<string> {
  yield csvLine(['line', 'email', 'outcome', 'message'])
  for await (const batch of batches)
    if (batch.length > 0)
      yield batch
        .map(({ line, email, outcome, message }) => csvLine([line, email, outcome, message ?? null]))
        .join('')
}
