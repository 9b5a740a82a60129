import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { serializerOf } from '../../platform/http/serialize.ts'
import { writeStudyOutline } from './outline-text.ts'
import { presentStudyOutline } from './present.ts'
import type { Done } from './queries.ts'
import { StudyOutline } from './schemas.ts'
import { studyOf, unlockedStudyOf } from './study.ts'

const courseId = '01935362-44b8-7010-8000-00000000004c'
const idOf = (n: number) => `01935362-44b8-7012-8000-${String(n).padStart(12, '0')}`
const at = new Date('2026-11-22T10:00:00.000Z')
const serialize = serializerOf(StudyOutline)

const title = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '"state":"open"',
    '"}],"lessons":[{',
    ',"completedAt":"1970-01-01T00:00:00.000Z"',
    '\\',
    'प्रगति',
  ),
)
const moment = fc.date({ min: new Date(0), max: new Date('2030-01-01'), noInvalidDate: true })
const lesson = fc.record({
  title,
  type: fc.constantFrom('video' as const, 'text' as const, 'file' as const, 'quiz' as const),
  preview: fc.boolean(),
  duration_seconds: fc.option(fc.nat(10_000)),
  available_after_days: fc.option(fc.nat(30)),
  progress: fc.option(
    fc.record({
      completed_at: fc.option(moment),
      quiz_passed_at: fc.option(moment),
      position_seconds: fc.option(fc.nat(10_000)),
      updated_at: moment,
    }),
  ),
})
const section = fc.record({
  title,
  description: fc.option(title),
  lessons: fc.array(lesson, { maxLength: 5 }),
})
const exam = fc.option(fc.record({ quizId: fc.constant(idOf(999)), passedAt: fc.option(moment) }))

describe('the text of an outline', () => {
  it('is what the serializer makes of it, whatever is in the course and was done of it', () => {
    fc.assert(
      fc.property(
        fc.array(section, { maxLength: 4 }),
        exam,
        fc.boolean(),
        moment,
        (given, exam, sequential, activatedAt) => {
          let id = 0
          const lessons: Done['lessons'][number][] = []
          const sections = given.map((section, place) => ({
            ...section,
            id: idOf(500 + place),
            position: place + 1,
            lessons: section.lessons.map(({ progress, ...lesson }, place) => {
              const lessonId = idOf(++id)
              if (progress) lessons.push({ ...progress, lesson_id: lessonId })
              return { ...lesson, id: lessonId, position: place + 1 }
            }),
          }))
          const course = { id: courseId, sections, sequential }
          const studies = [
            studyOf(course, { lessons, exam }, { activatedAt, at }),
            studyOf(course, { lessons: [], exam }, { activatedAt, at }),
            unlockedStudyOf(course, exam?.quizId ?? null),
          ]
          for (const study of studies)
            expect(writeStudyOutline(study)).toBe(serialize(presentStudyOutline(study)))
        },
      ),
    )
  })
})
