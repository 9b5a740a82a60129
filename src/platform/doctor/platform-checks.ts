import { backupsCheck } from './backups-check.ts'
import type { Check } from './check.ts'
import { clockCheck } from './clock-check.ts'
import { connectionsCheck, extensionsCheck, migrationsCheck, versionCheck } from './database-checks.ts'
import { diskCheck, nodeCheck } from './machine-checks.ts'
import { mailCheck } from './mail-check.ts'
import { deadLettersCheck, nodesCheck, workerCheck } from './queue-checks.ts'
import { redisCheck } from './redis-check.ts'
import { replicaCheck } from './replica-check.ts'
import { settingsChecks } from './settings-checks.ts'
import { storeCheck } from './store-check.ts'

/** THE list of what the doctor looks at, in the order in which it tells; those of modules (`Module.checks`) come after it. */
export const platformChecks: readonly Check[] = [
  ...settingsChecks,
  nodeCheck,
  diskCheck,
  versionCheck,
  extensionsCheck,
  migrationsCheck,
  connectionsCheck,
  replicaCheck,
  nodesCheck,
  workerCheck,
  deadLettersCheck,
  redisCheck,
  storeCheck,
  mailCheck,
  clockCheck,
  backupsCheck,
]
