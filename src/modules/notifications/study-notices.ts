import type { Static } from 'typebox'
import type { Tx } from '../../platform/database/database.ts'
import type { Fact } from '../../platform/events/events.ts'
import { findPeople, findRoles } from '../accounts/index.ts'
import { type attemptSubmitted, findQuizTitle } from '../assessments/index.ts'
import { findCourseTitles } from '../catalogue/index.ts'
import type { certificateIssued } from '../certificates/index.ts'
import { lockParents } from '../guardians/index.ts'
import { tellPeople } from './tell-people.ts'
import { childCertificateWords, childResultWords, courseWords, resultWords, type Words } from './words.ts'

export async function tellCertified(
  tx: Tx,
  fact: Fact<Static<typeof certificateIssued.payload>>,
): Promise<void> {
  const { certificateId, courseId, userId } = fact.payload
  const [course] = await findCourseTitles(tx, [courseId])
  if (!course) return
  const data = { event: fact.type, certificateId, courseId }
  const words = courseWords('certified', course.title)
  const notice = { factId: fact.id, kind: 'certificate' as const, data, ...words }
  await tellPeople(tx, fact, { notice, userIds: [userId] })
  await tellParents(tx, fact, {
    childId: userId,
    data,
    words: (child) => childCertificateWords(child, course.title),
  })
}

export async function tellResult(tx: Tx, fact: Fact<Static<typeof attemptSubmitted.payload>>): Promise<void> {
  const { attemptId, quizId, courseId, userId, scorePercent, passed } = fact.payload
  const [course] = await findCourseTitles(tx, [courseId])
  const quiz = await findQuizTitle(tx, quizId)
  if (!course || quiz === undefined) return
  const result = { quiz, course: course.title, scorePercent, passed }
  const data = { event: fact.type, attemptId, quizId, courseId, scorePercent, passed }
  const notice = { factId: fact.id, kind: 'quiz_result' as const, data, ...resultWords(result) }
  await tellPeople(tx, fact, { notice, userIds: [userId] })
  await tellParents(tx, fact, { childId: userId, data, words: (child) => childResultWords(child, result) })
}

/** The same to those who look after the student. */
async function tellParents(
  tx: Tx,
  fact: Fact,
  told: { childId: string; data: Readonly<Record<string, unknown>>; words: (child: string) => Words },
): Promise<void> {
  const { childId } = told
  const parents = await lockParents(tx, childId)
  // A link outlives a change of role, and gives nothing to one who is no parent any more.
  const roles = await findRoles(tx, parents)
  const userIds = parents.filter((id) => roles.get(id) === 'parent')
  const [child] = userIds.length > 0 ? await findPeople(tx, [childId]) : []
  if (!child) return
  const data = { ...told.data, childId }
  const notice = { factId: fact.id, kind: 'child' as const, data, ...told.words(child.name) }
  await tellPeople(tx, fact, { notice, userIds, aboutId: childId })
}
