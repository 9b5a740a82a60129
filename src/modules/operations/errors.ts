import type { RefusalKind } from '../../platform/http/refusal.ts'

export const backupRunning: RefusalKind = {
  status: 409,
  code: 'backup_running',
  title: 'A backup is being made already.',
}
export const backupNotConfigured: RefusalKind = {
  status: 503,
  code: 'backup_not_configured',
  title: 'No place for backups is configured: set BACKUP_TARGET.',
}
export const jobRunning: RefusalKind = {
  status: 409,
  code: 'job_running',
  title: 'This job is at work already.',
}
