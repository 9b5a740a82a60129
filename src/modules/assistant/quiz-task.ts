import type { Static } from 'typebox'
import { compileStrictly } from '../../platform/http/validation.ts'
import { faultsOfQuestion, NewQuestion, type QuestionType, questionTypes } from '../assessments/index.ts'
import type { LessonText } from './read-lesson-text.ts'
import { promptOf, type Task, takeApart } from './task.ts'
import { isPlain, isQuoted } from './text-rules.ts'

export interface DraftedQuestion extends Static<typeof NewQuestion> {
  readonly citation: string
}

export interface DraftedQuiz {
  readonly title: string
  readonly questions: readonly DraftedQuestion[]
}

const charactersEach = 6_000
const longestTitle = 200
const longestCitation = 2_000

const fieldsOf: Readonly<Record<QuestionType, string>> = {
  single: '"options": [{ "text": string, "correct": boolean }], 3 to 5 of them, exactly one correct',
  multiple: '"options": [{ "text": string, "correct": boolean }], 3 to 6 of them, at least one correct',
  true_false: '"answer": boolean',
  numeric: '"answer": number, "tolerance": number',
  short_text: '"accepted": [string], every spelling that is right',
  ordering: '"items": [string], 3 to 6 of them, in the right order',
  matching: '"pairs": [{ "left": string, "right": string }], 3 to 6 of them',
}

function taskOf(count: number, types: readonly QuestionType[]): string {
  const fields = types.map((type) => `- "${type}": ${fieldsOf[type]}`).join('\n')
  return `Task: draft a quiz of ${count} questions about the lesson that is the material, for its teacher to look through. \
Write in the language of the lesson. Ask only what the lesson answers, each thing once. Answer with one JSON object and nothing else: \
{ "title": string, "questions": [ question ] }.
A question has "type", "text" (the question, plain text), "points" (1), "explanation" (why the answer is right), "citation" (the passage \
of the lesson that answers it, 10 to 300 characters, copied from it letter by letter) and, by its type:
${fields}`
}

const isQuestion = compileStrictly(NewQuestion)

/** A draft of a quiz about a lesson. A question that is none, or whose citation is not in the lesson, is left out. */
export function quizTask(
  lesson: LessonText,
  { count, types = questionTypes }: { count: number; types?: readonly QuestionType[] },
): Task<DraftedQuiz> {
  return {
    name: 'quiz',
    ...promptOf(taskOf(count, types), lesson.text),
    aboutUserId: null,
    mostCharacters: charactersEach * count,
    mayShow: null,
    read(said) {
      const { title, questions } = readJson(said)
      if (typeof title !== 'string' || title.trim() === '' || title.length > longestTitle) return null
      if (!isPlain(title, lesson.text) || !Array.isArray(questions)) return null
      const accepted = questions.flatMap((question) => acceptedOf(question, lesson, types)).slice(0, count)
      return accepted.length === 0 ? null : { title: title.trim(), questions: accepted }
    },
  }
}

function acceptedOf(said: unknown, lesson: LessonText, types: readonly QuestionType[]): DraftedQuestion[] {
  if (typeof said !== 'object' || said === null) return []
  const { citation, ...question } = said as Record<string, unknown>
  if (typeof citation !== 'string' || citation.length > longestCitation) return []
  if (!isQuestion(question)) return []
  const drafted = question as Static<typeof NewQuestion>
  if (!types.includes(drafted.type) || faultsOfQuestion(drafted, '').length > 0) return []
  // It is copied from the lesson as the model is shown it.
  const read = [lesson.body, takeApart(lesson.body)]
  if (!read.some((body) => isQuoted(citation, body))) return []
  if (!isPlain(textsOf(drafted).join('\n'), lesson.text)) return []
  // What cannot be seen may stand in a passage only where it stands in the lesson.
  if (!isPlain(citation, lesson.text) && !lesson.body.includes(citation)) return []
  return [{ ...drafted, citation: citation.trim() }]
}

/** The one object in what was said; a fence of Markdown around it is none of it. */
function readJson(said: string): Record<string, unknown> {
  const bare = said.trim().replace(/^```(?:json)?\s*|\s*```$/g, '')
  try {
    const value: unknown = JSON.parse(bare)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : []
}
