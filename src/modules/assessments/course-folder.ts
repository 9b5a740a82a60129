import type { Actor } from '../../platform/actor.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import type {
  CourseInFolder,
  FolderFault,
  FolderPart,
  FolderTexts,
  Hindrance,
} from '../../platform/module.ts'
import { addQuestions } from './add-question.ts'
import { findWholeBank } from './bank-queries.ts'
import {
  asNewQuiz,
  bankFile,
  examFile,
  isQuizFile,
  lessonOf,
  quizFileOf,
  readBank,
  readQuizFile,
  writeBank,
  writeQuizFile,
} from './folder-texts.ts'
import { hindrancesWithout } from './hinders-publishing.ts'
import { findQuizzesOf } from './quiz-queries.ts'
import { takeQuiz } from './save-quiz.ts'

/** The bank, the exam and the quizzes of a course, as YAML beside its Markdown. */
export const courseFolder: FolderPart = {
  owns: (path) => path === bankFile || path === examFile || /^[^/]+\/[^/]+\.quiz\.yaml$/.test(path),
  check,
  read,
  write,
}

function check({ texts, lessons, published }: Parameters<FolderPart['check']>[0]): FolderFault[] {
  const faults: FolderFault[] = []
  const bank = readBank(texts.get(bankFile), faults)
  for (const [path, text] of texts) {
    if (!isQuizFile(path)) continue
    readQuizFile({ path, text }, bank, faults)
    if (lessons && path !== examFile && lessons.get(lessonOf(path)) !== 'quiz')
      faults.push({ file: path, line: 0, fault: `has no ${lessonOf(path)} of the type quiz beside it` })
  }
  for (const [path, type] of lessons ?? []) {
    if (published && type === 'quiz' && !texts.has(quizFileOf(path)))
      faults.push({
        file: path,
        line: 0,
        fault: `is a quiz without ${quizFileOf(path)}, so the course must be a draft`,
      })
  }
  return faults
}

/** Through the steps that an owner would go. */
async function read(
  tx: Tx,
  actor: Actor,
  { texts, course: { courseId, lessons } }: { texts: FolderTexts; course: CourseInFolder },
): Promise<void> {
  const bank = readBank(texts.get(bankFile), [])
  const added = await addQuestions(tx, actor, { courseId, questions: bank })
  const bankIds = added.map(({ id }) => id)
  for (const [path, text] of texts) {
    if (!isQuizFile(path)) continue
    const quiz = readQuizFile({ path, text }, bank, [])
    const lessonId = lessons.get(lessonOf(path))
    if (!quiz || (path !== examFile && lessonId === undefined)) throw new Error(`${path} was not checked`)
    const target = lessonId === undefined ? { courseId } : { lessonId }
    await takeQuiz(tx, actor, { target, quiz: asNewQuiz(quiz, bankIds) })
  }
}

async function write(
  db: Db,
  { courseId, lessons }: CourseInFolder,
): Promise<{ texts: FolderTexts; hindrances: readonly Hindrance[] }> {
  const texts = new Map<string, string>()
  const bank = await findWholeBank(db, courseId)
  if (bank.length > 0) texts.set(bankFile, writeBank(bank.map(({ question }) => question)))
  const paths = new Map([...lessons].map(([path, id]) => [id, path]))
  const asked = new Set<string>()
  for (const quiz of await findQuizzesOf(db, courseId)) {
    const path = quiz.lesson_id === null ? undefined : paths.get(quiz.lesson_id)
    const text = writeQuizFile(quiz, bank)
    if (text === null) continue
    texts.set(path === undefined ? examFile : quizFileOf(path), text)
    if (quiz.lesson_id !== null) asked.add(quiz.lesson_id)
  }
  return { texts, hindrances: await hindrancesWithout(db, courseId, asked) }
}
