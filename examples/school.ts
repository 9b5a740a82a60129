import type { Client } from '../client/src/index.ts'
import type { Realtime } from '../client/src/realtime.ts'

/** What every view has. */
export interface School {
  readonly client: Client
  readonly realtime: Realtime
  readonly fail: (error: unknown) => void
  /** Shows the page anew, after something has changed. */
  readonly show: () => Promise<void>
}
