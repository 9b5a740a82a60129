import type { Deps } from '../platform/deps.ts'
import { banner } from './banner.ts'
import type { Call } from './command.ts'
import { loadDemo } from './demo-school.ts'
import { ensureAdmin } from './first-admin.ts'

interface Prepared {
  readonly demo: boolean
  readonly claim: string | null
}

/** The demo school goes into an empty database; its own admin does not count as one. */
export async function prepareSchool({ config, output }: Call, deps: Deps): Promise<Prepared> {
  const demo = config.demo ? await loadDemo(deps, output.progress) : null
  return { demo: demo !== null, claim: await ensureAdmin(deps) }
}

/** Says that the school is up, and where. */
export function tellWhere({ config, output }: Call, { demo, claim }: Prepared, { mailbox }: Deps): void {
  output.result(banner({ config, claim, demo, mailbox: mailbox !== null }), {
    listening: config.publicUrl,
    claim,
  })
}
