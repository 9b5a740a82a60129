import type { Cache } from './cache/cache.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import type { Connect, Db, Transact } from './database/database.ts'
import type { Replica } from './database/replica.ts'
import type { Signals } from './database/signals.ts'
import type { FactSignals } from './events/fact-signals.ts'
import type { Pages } from './http/pages.ts'
import type { Revocations } from './http/revocations.ts'
import type { Log } from './log.ts'
import type { Mailbox } from './mail/mailbox.ts'
import type { Mailer } from './mail/mailer.ts'
import type { Metrics } from './metrics.ts'
import type { Model } from './model/model.ts'
import type { Sockets } from './realtime/sockets.ts'
import type { Storage } from './storage/storage.ts'

/** What the outside gives the program: built once by `main.ts` (or a test's world) and passed down as arguments. */
export interface Deps {
  readonly config: Config
  readonly log: Log
  readonly metrics: Metrics
  readonly clock: Clock
  readonly db: Db
  readonly transact: Transact
  readonly connect: Connect
  /** For lists and exports of the office and of analytics, which may be some seconds old. */
  readonly replica: Replica
  readonly signals: Signals
  readonly facts: FactSignals
  readonly revocations: Revocations
  readonly cache: Cache
  /** What strangers are answered, in memory. */
  readonly pages: Pages
  readonly mailer: Mailer
  /** Where mails go, and are shown, while no mail server is set. */
  readonly mailbox: Mailbox | null
  readonly storage: Storage
  readonly sockets: Sockets
  /** The language model of the assistant; null where none is configured. */
  readonly model: Model | null
}
