import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import { Refusal } from '../../platform/http/refusal.ts'
import { Id } from '../../platform/ids.ts'
import { defineJob, handle, type JobHandler, type Schedule } from '../../platform/jobs/jobs.ts'
import { deleteMedia } from './delete-media.ts'
import { mediaInUse } from './errors.ts'
import { findAbandoned, findAllMediaOf, findUnused, noteUnused } from './queries.ts'
import { removeFiles, runRemoveFiles } from './remove-files.ts'
import { patienceMs } from './rules.ts'
import { removeUnkept, runRemoveUnkept } from './store-file.ts'
import { deleteUsageOf } from './usage-queries.ts'

const cleanUp = defineJob('media.clean-up', Type.Object({}))
/** What a person who is gone uploaded, and nobody uses. */
export const eraseUploads = defineJob('media.erase-uploads', Type.Object({ userId: Id }))

const atOnce = 200
const firstId = '00000000-0000-0000-0000-000000000000'

export const mediaJobs: readonly JobHandler[] = [
  handle(removeFiles, runRemoveFiles),
  handle(removeUnkept, runRemoveUnkept),
  handle(eraseUploads, async (deps, { userId }) => {
    for (const { id } of await findAllMediaOf(deps.db, userId)) await deleteUnlessUsed(deps, id)
    await deps.transact((tx) => deleteUsageOf(tx, userId))
  }),
  handle(cleanUp, async (deps) => {
    const before = new Date(deps.clock.now().getTime() - patienceMs)
    await removeAbandoned(deps, before)
    await deps.transact((tx) => noteUnused(tx, deps.clock.now()))
    await removeUnused(deps, before)
  }),
]

export const mediaSchedules: readonly Schedule[] = [{ job: cleanUp, cron: '41 3 * * *' }]

async function removeAbandoned(deps: Deps, before: Date): Promise<void> {
  for (;;) {
    const ids = await findAbandoned(deps.db, { before, atMost: atOnce })
    for (const id of ids) await deleteUnlessUsed(deps, id)
    if (ids.length < atOnce) return
  }
}

async function removeUnused(deps: Deps, since: Date): Promise<void> {
  let afterId = firstId
  for (;;) {
    const ids = await findUnused(deps.db, { since, afterId, atMost: atOnce })
    for (const id of ids) await deleteUnlessUsed(deps, id)
    if (ids.length < atOnce) return
    afterId = ids.at(-1) ?? afterId
  }
}

/** Each in a transaction of its own: one that somebody began to use in this moment stays, and holds up no other. */
async function deleteUnlessUsed({ transact, clock }: Deps, id: string): Promise<void> {
  const cause = { userId: null, at: clock.now() }
  await transact((tx) => deleteMedia(tx, cause, id)).catch((error: unknown) => {
    if (!(error instanceof Refusal && error.kind === mediaInUse)) throw error
  })
}
