import { type Static, type TSchema, Type } from 'typebox'
import { Closed, Page, Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { MoneySchema } from '../../platform/money.ts'
import { Media } from '../media/index.ts'

/** A field that may be left out, or taken away with null. */
function Clearable<Schema extends TSchema>(schema: Schema) {
  return Type.Optional(Type.Union([schema, Type.Null()]))
}

/** One line: control characters are not for titles. */
const Title = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '^(?=[^]*\\S)[^\\u0000-\\u001f\\u007f]*$',
  examples: ['Git basics'],
})
const Subtitle = Type.String({ minLength: 1, maxLength: 300 })
const Markdown = Type.String({
  maxLength: 200_000,
  description:
    'Markdown, kept as written. It may name own files, as `![alt](/api/media/ID)`: see `format=html` of what shows it.',
})
export const Slug = Type.String({
  pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
  maxLength: 80,
  examples: ['git-basics'],
})
const Language = Type.String({
  pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$',
  maxLength: 35,
  description: 'A BCP 47 tag.',
  examples: ['en', 'hi', 'pt-BR'],
})
const Tag = Type.String({ minLength: 1, maxLength: 50, pattern: '\\S', examples: ['version control'] })
export const CourseStatus = Type.Enum(['draft', 'published', 'archived'])
export const CourseLevel = Type.Enum(['beginner', 'intermediate', 'advanced'])
export const LessonType = Type.Enum(['video', 'text', 'file', 'quiz'])
const Price = Type.Union([MoneySchema, Type.Null()], {
  description: 'In minor units; null (or an amount of 0): free.',
})
const Seconds = Type.Integer({ minimum: 0, maximum: 1_000_000 })
const Days = Type.Integer({ minimum: 0, maximum: 3_650 })
const Position = Type.Integer({ minimum: 1, description: 'Counts from 1.' })

export const Category = Type.Object({
  id: Id,
  name: Type.String(),
  slug: Type.String(),
  parentId: Type.Optional(Id),
})
export type Category = Static<typeof Category>
export const CategoryPage = Page(Category)

const CategoryName = Type.String({ minLength: 1, maxLength: 120, pattern: '\\S', examples: ['Programming'] })
export const NewCategory = Closed({
  name: CategoryName,
  slug: Type.Optional(Slug),
  parentId: Clearable(Id),
})
export type NewCategory = Static<typeof NewCategory>
export const CategoryChange = Closed({
  name: Type.Optional(CategoryName),
  slug: Type.Optional(Slug),
  parentId: Clearable(Id),
})
export type CategoryChange = Static<typeof CategoryChange>

export const Instructor = Type.Object({
  id: Id,
  name: Type.String(),
  role: Type.Enum(['lead', 'assistant']),
  headline: Type.Optional(Type.String()),
  avatarUrl: Type.Optional(Type.String()),
})

export const Rating = Type.Object({
  average: Type.Number({ description: 'Stars, to two places; 0 where nobody has reviewed it.' }),
  count: Type.Integer(),
})
const Thumbnail = Type.Object(
  {
    url: Type.String({ description: 'The widest.' }),
    widths: Type.Array(
      Type.Object({
        width: Type.Integer({ description: 'In pixels. A picture that is less wide is never enlarged.' }),
        url: Type.String(),
      }),
    ),
  },
  { description: 'WebP, for everybody who has the address. Another picture has other addresses.' },
)

export const Course = Type.Object({
  id: Id,
  slug: Type.String(),
  title: Type.String(),
  subtitle: Type.Optional(Type.String()),
  description: Type.Optional(Type.String({ description: 'Markdown. Lists leave it out.' })),
  status: CourseStatus,
  price: Type.Union([MoneySchema, Type.Null()]),
  category: Type.Optional(Category),
  level: Type.Optional(CourseLevel),
  language: Type.Optional(Type.String()),
  tags: Type.Array(Type.String()),
  sequential: Type.Boolean({ description: 'Lessons open one after the other.' }),
  hidden: Type.Boolean({ description: 'An admin took it out of the catalogue.' }),
  hiddenReason: Type.Optional(Type.String({ description: 'For its owners.' })),
  rating: Rating,
  thumbnail: Type.Optional(Thumbnail),
  instructors: Type.Array(Instructor),
  version: Type.Integer({ description: 'Counts every change of the course, its sections and its lessons.' }),
  createdAt: Time,
  updatedAt: Time,
  publishedAt: Type.Optional(Time),
})
export type Course = Static<typeof Course>
export const CourseList = Page(Course)

const courseFields = {
  subtitle: Clearable(Subtitle),
  description: Clearable(Markdown),
  categoryId: Clearable(Id),
  level: Clearable(CourseLevel),
  language: Clearable(Language),
  tags: Type.Optional(Type.Array(Tag, { maxItems: 20 })),
  price: Type.Optional(Price),
  sequential: Type.Optional(Type.Boolean()),
}
export const NewCourse = Closed({ title: Title, ...courseFields })
export type NewCourse = Static<typeof NewCourse>
const slugOfCourse = Type.Optional({
  ...Slug,
  description: 'Another address. Those that it had go on leading to the course.',
})
export const CourseReplacement = Closed({ title: Title, slug: slugOfCourse, ...courseFields })
export const CourseChange = Closed({ title: Type.Optional(Title), slug: slugOfCourse, ...courseFields })
export type CourseChange = Static<typeof CourseChange>

export const Visibility = Closed({
  hidden: Type.Boolean(),
  reason: Type.Optional(
    Type.Union([Type.String({ maxLength: 2_000 }), Type.Null()], {
      description: 'Why it is hidden: its instructors are told. Required to hide it.',
      examples: ['The videos of section 2 are not yours to show.'],
    }),
  ),
})
export type Visibility = Static<typeof Visibility>

export const Assignment = Type.Array(Closed({ userId: Id, role: Type.Enum(['lead', 'assistant']) }), {
  minItems: 1,
  maxItems: 50,
})
export type Assignment = Static<typeof Assignment>

/** Of changes of what a course holds. */
export const versionOfCourse =
  'Its `ETag` has the `version` of the course, which counts this change too, and `If-Match` compares with that.'

/** The titles of what a course holds, for everybody. */
export const OutlineLesson = Type.Object({
  id: Id,
  title: Type.String(),
  type: LessonType,
  position: Position,
  preview: Type.Boolean({ description: 'Anybody may see its content.' }),
  durationSeconds: Type.Optional(Seconds),
  availableAfterDays: Type.Optional(Days),
})
export type OutlineLesson = Static<typeof OutlineLesson>
export const OutlineSection = Type.Object({
  id: Id,
  title: Type.String(),
  description: Type.Optional(Type.String()),
  position: Position,
  lessons: Type.Array(OutlineLesson),
})
export const Outline = Type.Object({ sections: Type.Array(OutlineSection) })
export type Outline = Static<typeof Outline>

export const CoursePage = Type.Object({
  ...Course.properties,
  ...Outline.properties,
  counts: Type.Object({
    sections: Type.Integer(),
    lessons: Type.Integer(),
    durationSeconds: Type.Integer({ description: 'Of all lessons that say theirs.' }),
  }),
})
export type CoursePage = Static<typeof CoursePage>

export const Section = Type.Object({
  id: Id,
  courseId: Id,
  title: Type.String(),
  description: Type.Optional(Type.String()),
  position: Position,
})
export type Section = Static<typeof Section>
const Description = Type.String({ maxLength: 5_000 })
export const NewSection = Closed({ courseId: Id, title: Title, description: Clearable(Description) })
export type NewSection = Static<typeof NewSection>
export const SectionChange = Closed({ title: Type.Optional(Title), description: Clearable(Description) })
export type SectionChange = Static<typeof SectionChange>

export const Lesson = Type.Object({
  id: Id,
  sectionId: Id,
  courseId: Id,
  title: Type.String(),
  type: LessonType,
  position: Position,
  preview: Type.Boolean(),
  durationSeconds: Type.Optional(Seconds),
  availableAfterDays: Type.Optional(Days),
  body: Type.Optional(Type.String({ description: 'Markdown; only where the reader may see it.' })),
  mediaId: Type.Optional({ ...Id, description: 'Its file; only where the reader may see it.' }),
})
export type Lesson = Static<typeof Lesson>

const lessonFields = {
  body: Clearable(Markdown),
  mediaId: Type.Optional(
    Type.Union([Id, Type.Null()], {
      description: 'A file that you uploaded: video or audio for a `video` lesson, any for a `file` lesson.',
    }),
  ),
  durationSeconds: Type.Optional(
    Type.Union([Seconds, Type.Null()], { description: 'That of the file, if not given.' }),
  ),
  preview: Type.Optional(Type.Boolean()),
  availableAfterDays: Clearable(Days),
}
export const NewLesson = Closed({ sectionId: Id, title: Title, type: LessonType, ...lessonFields })
export type NewLesson = Static<typeof NewLesson>
export const LessonChange = Closed({
  sectionId: Type.Optional({ ...Id, description: 'Another section of the same course: to its end.' }),
  title: Type.Optional(Title),
  type: Type.Optional(LessonType),
  ...lessonFields,
})
export type LessonChange = Static<typeof LessonChange>

export const Material = Type.Object({
  id: Id,
  lessonId: Id,
  title: Type.String({ description: 'The name of the file, if it has none of its own.' }),
  position: Position,
  media: Media,
})
export type Material = Static<typeof Material>
export const NewMaterial = Closed({ mediaId: Id, title: Clearable(Title) })
export type NewMaterial = Static<typeof NewMaterial>

export const OutlineOrder = Type.Array(
  Closed({ sectionId: Id, lessonIds: Type.Array(Id, { maxItems: 2_000 }) }),
  { maxItems: 200 },
)
export type OutlineOrder = Static<typeof OutlineOrder>
