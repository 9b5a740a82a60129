import type { Deps } from '../../platform/deps.ts'
import { doTogether } from '../../platform/together.ts'
import { type Completion, completeLessons } from './complete-lesson.ts'
import { refuseGone } from './refuse-gone.ts'
import type { StudyStep } from './study.ts'

/** Two, so that the database works on one while the other's answers are written. */
const limits = { atOnce: 2, most: 50 }

function completerOf({ transact }: Deps) {
  return doTogether(
    (completions: readonly Completion[]) => refuseGone(transact((tx) => completeLessons(tx, completions))),
    limits,
  )
}

/** One for each program; tests run several in a process. */
const completers = new WeakMap<Deps, ReturnType<typeof completerOf>>()

/** Completes a lesson, in one transaction with what others complete meanwhile. */
export async function completeTogether(deps: Deps, completion: Completion): Promise<StudyStep> {
  const complete = completers.get(deps) ?? completerOf(deps)
  completers.set(deps, complete)
  const outcome = await complete(completion)
  if (outcome instanceof Error) throw outcome
  return outcome
}
