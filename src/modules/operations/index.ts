export { backupJobs } from './backup-jobs.ts'
export { recordBackup, recordRestore, recordVerification } from './record-backup.ts'
