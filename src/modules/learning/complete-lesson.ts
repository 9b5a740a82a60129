import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { notFound, Refusal, refuse } from '../../platform/http/refusal.ts'
import type { CourseOutline } from '../catalogue/index.ts'
import { type Save, saveProgress } from './completion-queries.ts'
import { lessonLocked, quizRequired } from './errors.ts'
import { finishCourse } from './finish-course.ts'
import { type HeldStudy, holdStudies, nameOf } from './hold-studies.ts'
import { requireEnrolled, requireOpen } from './policy.ts'
import { noteIn } from './queries.ts'
import { isDone, lessonIn, type Study, type StudyStep, stepOf, studyOf, termsOf } from './study.ts'

/** A lesson that a student says is completed, and where they were in it. */
export interface Completion {
  readonly actor: Actor
  readonly lessonId: string
  readonly positionSeconds: number | null
  /** Of the course, as it was a moment ago: it is read again where the course is another by now. */
  readonly outline: CourseOutline | undefined
}

/**
 * Notes that students completed lessons, in as many statements as for one of them. Completions of one enrollment take turns on its row, so
 * that of two last lessons at once exactly one completes the course; those that come together take turns in their order.
 * @returns for each, in their order: where it leaves the student, or why it is refused, which changes nothing for the others
 */
export async function completeLessons(
  tx: Tx,
  completions: readonly Completion[],
): Promise<(StudyStep | Refusal)[]> {
  const studies = new Map(await holdStudies(tx, completions))
  const saves: Save[] = []
  const done = new Map<string, { actor: Actor; study: Study }>()
  const outcomes = completions.map((completion) => {
    const { actor, outline } = completion
    const name = nameOf({ userId: actor.userId, courseId: outline?.id ?? '' })
    const outcome = outcomeOf(() => decide(completion, studies.get(name)))
    if (outcome instanceof Refusal) return outcome
    const { held, save, study, step } = outcome
    studies.set(name, held)
    if (save) saves.push(save)
    if (isDone(study) && !done.has(name)) done.set(name, { actor, study })
    return step
  })
  for (const round of roundsOf(saves)) await saveProgress(tx, round)
  for (const [name, { actor, study }] of done) {
    const held = studies.get(name)
    if (held) await finishCourse(tx, actor, { enrollment: held.enrollment, study })
  }
  return outcomes
}

/** The same for one of them. */
export async function completeLesson(
  tx: Tx,
  actor: Actor,
  input: Omit<Completion, 'actor'>,
): Promise<StudyStep> {
  const [outcome = refuse(notFound)] = await completeLessons(tx, [{ actor, ...input }])
  if (outcome instanceof Refusal) throw outcome
  return outcome
}

interface Decision {
  /** What is held, with this one. */
  readonly held: HeldStudy
  /** Undefined where all of it was noted before. */
  readonly save: Save | undefined
  readonly study: Study
  readonly step: StudyStep
}

/** Decides about one, by what those before it have left. */
function decide(
  { actor, lessonId, positionSeconds, outline }: Completion,
  held: HeldStudy | undefined,
): Decision {
  if (!outline) throw refuse(notFound)
  const enrollment = requireEnrolled(actor, outline, held?.enrollment)
  if (!held) throw refuse(notFound)
  const { course } = held
  const terms = termsOf(enrollment, actor)
  const before = studyOf(course, held.done, terms)
  const lesson = lessonIn(before, lessonId)
  requireOpen(before, lesson.lock, lessonLocked)
  if (lesson.state === 'open' && lesson.lesson.type === 'quiz' && !lesson.progress?.quiz_passed_at)
    throw refuse(quizRequired)
  const said = { lessonId, completedAt: actor.at, quizPassedAt: null, positionSeconds }
  const noted = noteIn(held.done, said, actor)
  if (!noted) return { held, save: undefined, study: before, step: stepOf(before, lesson) }
  const { done } = noted
  const study = studyOf(course, done, terms)
  const save = { ...noted, enrollment, cause: actor }
  return { held: { ...held, done }, save, study, step: stepOf(study, lessonIn(study, lessonId)) }
}

function outcomeOf<T>(decide: () => T): T | Refusal {
  try {
    return decide()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

/** A statement writes each row once: a second position in a lesson comes after the first. */
function roundsOf(saves: readonly Save[]): Save[][] {
  const rounds: Map<string, Save>[] = []
  for (const save of saves) {
    const name = `${save.enrollment.id} ${save.row.lesson_id}`
    const round = rounds.find((one) => !one.has(name))
    if (round) round.set(name, save)
    else rounds.push(new Map([[name, save]]))
  }
  return rounds.map((round) => [...round.values()])
}
