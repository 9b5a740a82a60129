import { handle, type JobHandler, type Schedule } from '../../platform/jobs/jobs.ts'
import { cleanUp, cleanUpAccounts } from './clean-up.ts'
import { mailLink, sendLink } from './mail-link.ts'
import { offerPasswordReset, passwordForgotten } from './offer-password-reset.ts'
import { removeAvatar, removeUnusedAvatar } from './remove-avatar.ts'

export const accountJobs: readonly JobHandler[] = [
  handle(mailLink, (deps, { linkId }) => sendLink(deps, linkId)),
  handle(passwordForgotten, ({ transact, clock }, { email }) =>
    transact((tx) => offerPasswordReset(tx, { userId: null, at: clock.now() }, { email })),
  ),
  handle(removeAvatar, removeUnusedAvatar),
  handle(cleanUp, async ({ transact, clock, config }) => {
    const cause = { userId: null, at: clock.now() }
    const input = { tokenSeconds: config.refreshTokenSeconds }
    while (await transact((tx) => cleanUpAccounts(tx, cause, input)));
  }),
]

export const accountSchedules: readonly Schedule[] = [{ job: cleanUp, cron: '17 3 * * *' }]
