import { type ListedBackup, listBackups } from '../../platform/backup/make-backup.ts'
import { openTarget } from '../../platform/backup/open-target.ts'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { pageQuery, readPage, toPage } from '../../platform/http/pagination.ts'
import { only } from '../../platform/http/policy.ts'
import { refuse, storeFailed } from '../../platform/http/refusal.ts'
import { Closed, Page, responses } from '../../platform/http/schemas.ts'
import { backupNotConfigured, backupRunning } from './errors.ts'
import { requestBackup } from './request-backup.ts'
import { Backup, QueuedBackup } from './schemas.ts'

const tags = ['Operations']

export function backupRoutes(app: App, deps: Deps): void {
  const { config, transact } = deps

  app.get(
    '/admin/backups',
    {
      config: { policy: only('admin') },
      schema: {
        operationId: 'listBackups',
        summary: 'The backups that are kept, newest first',
        tags,
        querystring: Closed(pageQuery),
        response: responses({ 200: Page(Backup) }, backupNotConfigured, storeFailed),
      },
    },
    async (request) => {
      const { limit, after } = readPage(request.query, isName)
      const backups = await readTarget(deps)
      const rest = after === null ? backups : backups.filter(({ name }) => name < after)
      return toPage(rest, limit, ({ name }) => name)
    },
  )

  app.post(
    '/admin/backups',
    {
      config: { policy: only('admin') },
      schema: {
        operationId: 'makeBackup',
        summary: 'Make a backup now',
        description: 'It is made in the background, and is in the list once it is whole and was read back.',
        tags,
        response: responses({ 202: QueuedBackup }, backupRunning, backupNotConfigured),
      },
    },
    async (request, reply) => {
      if (!config.backup.target) throw refuse(backupNotConfigured)
      await transact((tx) => requestBackup(tx, actorOf(request)))
      return reply.code(202).send({ status: 'queued' })
    },
  )
}

async function readTarget({ config, log }: Deps): Promise<ListedBackup[]> {
  if (!config.backup.target) throw refuse(backupNotConfigured)
  try {
    return await listBackups(await openTarget(config.backup.target, config))
  } catch (error) {
    log.error({ err: error }, 'the place of the backups does not answer')
    throw refuse(storeFailed)
  }
}

function isName(value: unknown): value is string {
  return typeof value === 'string'
}
