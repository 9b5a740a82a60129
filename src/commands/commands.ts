import { adminCommand } from './admin.ts'
import { backupCommand } from './backup.ts'
import type { Command } from './command.ts'
import { demoCommand } from './demo.ts'
import { doctorCommand } from './doctor.ts'
import { exportCommand } from './export.ts'
import { importCommand } from './import.ts'
import { mediaCommand } from './media.ts'
import { migrateCommand } from './migrate.ts'
import { restoreCommand } from './restore.ts'
import { serveCommand } from './serve.ts'
import { workerCommand } from './worker.ts'

/** THE list of commands, in the order in which they are told. */
export const commands: readonly Command[] = [
  serveCommand,
  workerCommand,
  migrateCommand,
  demoCommand,
  importCommand,
  exportCommand,
  mediaCommand,
  adminCommand,
  backupCommand,
  restoreCommand,
  doctorCommand,
]
