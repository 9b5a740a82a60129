import type { Deps } from '../../platform/deps.ts'
import { handle, type JobHandler, type Schedule } from '../../platform/jobs/jobs.ts'
import { continueAnnouncement } from './announce-course.ts'
import { cleanUpNotifications, forgetSome } from './clean-up.ts'
import { beginDigests } from './gather-digests.ts'
import {
  announce,
  cleanUp,
  forgetPerson,
  gatherDigests,
  mailDigest,
  mailNotification,
  pushNotifications,
  pushRead,
  tellNews,
  tellWaiting,
} from './job-types.ts'
import { sendDigest, sendNotification } from './mail-jobs.ts'
import { tellWaitingMessage } from './people-notices.ts'
import { pushShown } from './push-notifications.ts'
import { pushReadOnes } from './quiet-conversation.ts'
import { tellLessonNews } from './tell-lesson-news.ts'

const system = ({ clock }: Deps) => ({ userId: null, at: clock.now() })

export const notificationJobs: readonly JobHandler[] = [
  handle(pushNotifications, (deps, { notificationIds }) => pushShown(deps, notificationIds)),
  handle(pushRead, pushReadOnes),
  handle(mailNotification, (deps, { notificationId }) => sendNotification(deps, notificationId)),
  handle(mailDigest, sendDigest),
  handle(gatherDigests, async (deps) => {
    while (await deps.transact((tx) => beginDigests(tx, system(deps), { atOnce: 200 })));
  }),
  handle(announce, (deps, { announcementId }) =>
    deps.transact((tx) => continueAnnouncement(tx, system(deps), announcementId)),
  ),
  handle(tellNews, (deps, { courseId }) => deps.transact((tx) => tellLessonNews(tx, system(deps), courseId))),
  handle(tellWaiting, (deps, waiting) =>
    deps.transact((tx) => tellWaitingMessage(tx, system(deps), waiting)),
  ),
  handle(forgetPerson, async ({ transact }, { userId }) => {
    while (await transact((tx) => forgetSome(tx, userId)));
  }),
  handle(cleanUp, async (deps) => {
    while (await deps.transact((tx) => cleanUpNotifications(tx, system(deps))));
  }),
]

export const notificationSchedules: readonly Schedule[] = [
  // Every 8:00 there is, since time zones differ by quarters of an hour.
  { job: gatherDigests, cron: '*/5 * * * *' },
  { job: cleanUp, cron: '43 3 * * *' },
]
