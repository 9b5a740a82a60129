import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Config } from '../../platform/config.ts'
import { serializerOf } from '../../platform/http/serialize.ts'
import type { CoursePageRow } from '../catalogue/index.ts'
import type { EnrollmentRow } from '../enrollments/index.ts'
import { writeCourseView } from './course-page-text.ts'
import { presentCourseView } from './present.ts'
import { CoursePage } from './schemas.ts'

const config = { publicUrl: 'https://school.example' } as Config
const id = '01935362-44b8-7010-8000-00000000004c'
const serialize = serializerOf(CoursePage)

const text = fc.string({ unit: 'grapheme' })
const moment = fc.date({ min: new Date(0), max: new Date('2030-01-01'), noInvalidDate: true })
const lesson = fc.record({
  id: fc.constant(id),
  title: text,
  type: fc.constantFrom('video' as const, 'quiz' as const),
  position: fc.nat(),
  preview: fc.boolean(),
  duration_seconds: fc.option(fc.nat()),
  available_after_days: fc.option(fc.nat()),
})
const course: fc.Arbitrary<CoursePageRow> = fc.record({
  id: fc.constant(id),
  slug: text,
  title: text,
  subtitle: fc.option(text),
  description: fc.option(text),
  status: fc.constantFrom('draft' as const, 'published' as const),
  archived_from: fc.constant(null),
  level: fc.option(fc.constant('beginner' as const)),
  language: fc.option(text),
  tags: fc.array(text),
  price_amount: fc.option(fc.nat()),
  price_currency: fc.constant('INR'),
  sequential: fc.boolean(),
  version: fc.nat(),
  created_at: moment,
  updated_at: moment,
  published_at: fc.option(moment),
  hidden_at: fc.option(moment),
  hidden_reason: fc.option(text),
  thumbnail_key: fc.option(text),
  category: fc.option(
    fc.record({ id: fc.constant(id), name: text, slug: text, parent_id: fc.constant(null) }),
  ),
  instructors: fc.constant([]),
  rating: fc.record({ average: fc.constantFrom(0, 4.25), count: fc.nat() }),
  instructor_ids: fc.constant([]),
  lead_ids: fc.constant([]),
  text_media: fc.constant([]),
  sections: fc.array(
    fc.record({
      id: fc.constant(id),
      title: text,
      description: fc.option(text),
      position: fc.nat(),
      lessons: fc.array(lesson, { maxLength: 3 }),
    }),
    { maxLength: 3 },
  ),
})
const enrollment: fc.Arbitrary<EnrollmentRow> = fc.record({
  id: fc.constant(id),
  course_id: fc.constant(id),
  user_id: fc.constant(id),
  status: fc.constantFrom('pending' as const, 'active' as const, 'completed' as const),
  source: fc.constant(null),
  created_at: moment,
  activated_at: fc.option(moment),
  completed_at: fc.option(moment),
  cancelled_at: fc.constant(null),
})
const viewer = fc.record({
  enrollment: fc.option(enrollment, { nil: undefined }),
  progress: fc.option(
    fc.record({ completedLessons: fc.nat(), totalLessons: fc.nat(), percent: fc.nat(100) }),
  ),
  owned: fc.boolean(),
})

describe('the text of a course page', () => {
  it('is what the serializer makes of it, for each who is signed in, whoever was told before', () => {
    fc.assert(
      fc.property(course, fc.array(viewer, { minLength: 1, maxLength: 4 }), (course, viewers) => {
        for (const viewer of viewers) {
          const view = { ...viewer, course }
          expect(writeCourseView(view, config)).toBe(serialize(presentCourseView(view, true, config)))
        }
      }),
    )
  })
})
