import { type Static, Type } from 'typebox'
import { Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import type { Lock as LockFacts } from './rules.ts'

const Lock = Type.Object(
  {
    rule: Type.Enum(['earlier_lesson', 'exam', 'date'], {
      description:
        '`earlier_lesson`: complete `lessonId` first; `exam`: pass its quiz first; `date`: wait until `opensAt`.',
    }),
    lessonId: Type.Optional({ ...Id, description: 'The lesson to complete first.' }),
    opensAt: Type.Optional({ ...Time, description: 'Not before this moment, whatever is completed.' }),
  },
  { description: 'Which rule keeps it locked, and when that may change.' },
)

/** Of what is locked, in answers and in refusals. */
export const LockMembers = {
  lockedBy: Type.Optional({ ...Id, description: 'The lesson to complete first.' }),
  lock: Type.Optional(Lock),
}

/** Nothing where nothing is locked. */
export function presentLock(lock: LockFacts | null): { lockedBy?: string; lock?: Static<typeof Lock> } {
  if (!lock) return {}
  const { rule, lessonId, opensAt } = lock
  return {
    ...(lessonId ? { lockedBy: lessonId } : {}),
    lock: { rule, ...(lessonId ? { lessonId } : {}), ...(opensAt ? { opensAt } : {}) },
  }
}
