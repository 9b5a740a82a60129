import type { Deps } from '../../platform/deps.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { actorFor, makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import type { AnswerValue, Attempt } from './attempt-schemas.ts'
import type { QuizRow } from './quiz-queries.ts'
import { saveQuiz } from './save-quiz.ts'
import type { NewQuestion, NewQuiz } from './schemas.ts'

/** For tests: a question of each type. All that is right, and nothing else, says “right” or is a number with 42 in it. */
export const oneOfEach: readonly NewQuestion[] = [
  {
    type: 'single',
    text: 'Which one?',
    points: 1,
    explanation: 'Because of KEY-single.',
    options: [
      { text: 'wrong a', correct: false },
      { text: 'right', correct: true },
      { text: 'wrong b', correct: false },
    ],
  },
  {
    type: 'multiple',
    text: 'Which ones?',
    points: 2,
    explanation: 'Because of KEY-multiple.',
    options: [
      { text: 'right a', correct: true },
      { text: 'wrong', correct: false },
      { text: 'right b', correct: true },
    ],
  },
  { type: 'true_false', text: 'Is it so?', points: 1, answer: true, explanation: 'Because of KEY-true.' },
  { type: 'numeric', text: 'How much?', points: 1, answer: 42.4242, tolerance: 0.5 },
  { type: 'short_text', text: 'What is it called?', points: 1, accepted: ['KEY-Crème', 'KEY-other'] },
  { type: 'ordering', text: 'In which order?', points: 2, items: ['one', 'two', 'three', 'four'] },
  {
    type: 'matching',
    text: 'What belongs together?',
    points: 2,
    pairs: [
      { left: 'Paris', right: 'France' },
      { left: 'Lyon', right: 'France' },
      { left: 'Rome', right: 'Italy' },
    ],
  },
]

export function quizOf(wish: Partial<NewQuiz> = {}): NewQuiz {
  return {
    title: 'What stuck?',
    passPercent: 70,
    revealAnswers: 'after_submit',
    questions: [...oneOfEach],
    ...wish,
  }
}

export interface MadeQuiz {
  readonly id: string
  readonly courseId: string
  readonly lessonId: string | null
  readonly owner: Person
  readonly quiz: NewQuiz
}

/** For tests: a published course with a quiz as its only lesson, or (`exam`) with an exam after a text. */
export async function makeQuiz(
  deps: Deps,
  wish: { quiz?: Partial<NewQuiz>; exam?: boolean; owner?: Person } = {},
): Promise<MadeQuiz> {
  const owner = wish.owner ?? (await makePerson(deps, { role: 'instructor' }))
  const type = wish.exam ? 'text' : 'quiz'
  const course = await makeCourse(deps, { owner, sections: [[{ type }]] })
  const [lessonId = ''] = course.lessonIds
  const target = wish.exam ? { courseId: course.id } : { lessonId }
  const quiz = quizOf(wish.quiz)
  const saved: QuizRow = await deps.transact((tx) => saveQuiz(tx, actorFor(owner, deps), { target, quiz }))
  return { id: saved.id, courseId: course.id, lessonId: saved.lesson_id, owner, quiz }
}

/** For tests: somebody who is enrolled in the quiz's course. */
export async function makeStudent(deps: Deps, quiz: { courseId: string }): Promise<Person> {
  return (await makeEnrollment(deps, { courseId: quiz.courseId })).student
}

type Shown = Attempt['questions'][number]

/** For tests: what one who knows it all answers to a question as an attempt shows it. */
export function rightValue(shown: Shown, questions: readonly NewQuestion[] = oneOfEach): AnswerValue {
  const said = questions.find(({ text }) => text === shown.text)
  if (!said) throw new Error(`nothing is known of “${shown.text}”`)
  const { options = [], items = [], lefts = [], rights = [] } = shown
  const idOf = (choices: readonly { id: string; text: string }[], text: string) =>
    choices.find((choice) => choice.text === text)?.id ?? ''
  const right = (said.options ?? []).filter(({ correct }) => correct).map(({ text }) => idOf(options, text))
  switch (said.type) {
    case 'single':
      return right[0] ?? ''
    case 'multiple':
      return right
    case 'short_text':
      return said.accepted?.[0] ?? ''
    case 'ordering':
      return (said.items ?? []).map((item) => idOf(items, item))
    case 'matching':
      return (said.pairs ?? []).map((pair) => ({
        left: idOf(lefts, pair.left),
        right: idOf(rights, pair.right),
      }))
    default:
      return said.answer ?? null
  }
}

/** For tests: the right answers to all questions of an attempt. */
export function rightAnswers(attempt: Pick<Attempt, 'questions'>, questions?: readonly NewQuestion[]) {
  return attempt.questions.map((shown) => ({ questionId: shown.id, value: rightValue(shown, questions) }))
}
