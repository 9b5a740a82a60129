import { Type } from 'typebox'
import { serializerOf } from '../../platform/http/serialize.ts'
import type { OutlineSectionRow } from '../catalogue/index.ts'
import { presentCourse, presentState, presentStudyOutline } from './present.ts'
import type { ShownProgress } from './queries.ts'
import { ownOfLesson, StudyOutline } from './schemas.ts'
import type { ShownStudy, StudyLesson } from './study.ts'

type ShownLesson = StudyLesson<ShownProgress>

const { sections, ...ofCourse } = StudyOutline.properties
const { state: _state, completedBy: _completedBy, ...mayBeOwn } = ownOfLesson
const writeSections = serializerOf(Type.Object({ sections }))
const writeCourse = serializerOf(Type.Object(ofCourse))
const writeOwn = serializerOf(Type.Object(mayBeOwn))

const never = new Date(0)
const undone = { lesson_id: '', completed_at: never, position_seconds: null }
/** What a lesson is written with to be cut there. No title can be taken for it: its quotes are escaped. */
const mark = { state: 'open', lock: null, progress: undone } as const
const marks = /"state":"open"|,"completedAt":"1970-01-01T00:00:00\.000Z"/

const states = { locked: '"state":"locked"', open: '"state":"open"', completed: '"state":"completed"' }

/** By the sections of an outline, for as long as they are kept: what all students are told, between what is of each. */
const texts = new WeakMap<readonly OutlineSectionRow[], readonly string[]>()

/**
 * The JSON of `presentStudyOutline`, as the serializer of `StudyOutline` writes it, but what all students of the course are told is
 * written once: of each lesson its state is the student's, and what is at its end since it may be missing.
 */
export function writeStudyOutline(study: ShownStudy): string {
  const told = textsOf(study)
  // Joined, since what is added up piece by piece is copied together piece by piece when it is sent.
  const text = [told[0]]
  let next = 1
  let own = ''
  let before: ShownLesson | undefined
  for (const lesson of study.lessons) {
    // In a sequential course all that are locked are so by the same lock.
    const isAsBefore = lesson.lock === before?.lock && !lesson.progress && !before?.progress
    if (!isAsBefore) own = ownOf(lesson)
    text.push(states[lesson.state], told[next++], own, told[next++])
    before = lesson
  }
  text.push(',', writeCourse(presentCourse(study)).slice(1))
  return text.join('')
}

function ownOf(lesson: ShownLesson): string {
  if (!lesson.lock && !lesson.progress) return ''
  const own = writeOwn(presentState(lesson))
  return own === '{}' ? '' : `,${own.slice(1, -1)}`
}

function textsOf(study: ShownStudy): readonly string[] {
  let told = texts.get(study.sections)
  if (!told) {
    const marked = { ...study, lessons: study.lessons.map((lesson) => ({ ...lesson, ...mark })) }
    told = writeSections(presentStudyOutline(marked)).slice(0, -1).split(marks)
    texts.set(study.sections, told)
  }
  return told
}
