export { backupJobs } from './backup-jobs.ts'
export { jobRoutes } from './job-routes.ts'
export { recordBackup, recordRestore, recordVerification } from './record-backup.ts'
