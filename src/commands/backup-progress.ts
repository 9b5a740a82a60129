import type { OnProgress } from '../platform/backup/tables.ts'
import type { Output } from './command.ts'

const everyMs = 500

/** Says how far it is, twice a second at most. */
export function showProgress(output: Output, doing: string): OnProgress {
  let told = performance.now()
  let before = ''
  let parts = 0
  return ({ name, totals }) => {
    if (name !== before) {
      before = name
      parts += 1
    }
    if (performance.now() - told < everyMs) return
    told = performance.now()
    output.progress(`${doing} ${name}, part ${parts}: ${(totals.bytes / 1_000_000).toFixed(1)} MB …`)
  }
}
