import type { Db } from '../../platform/database/database.ts'
import { findPeople } from '../accounts/index.ts'
import { findMediaByIds, mediaNamedIn } from '../media/index.ts'
import { findCategoryPath } from './category-queries.ts'
import type { FolderCourse, FolderLesson } from './course-folder.ts'
import { findCoursePage, findSlugsOf } from './course-queries.ts'
import type { CoursePageRow, OutlineLessonRow } from './course-selection.ts'
import { nameFiles } from './folder-files.ts'
import { withPaths } from './folder-texts.ts'
import { findLessonContents, type LessonContents } from './lesson-queries.ts'
import { findMaterialsOfCourse, type MaterialRow } from './material-queries.ts'
import { slugify } from './rules.ts'
import type { Site } from './text-media.ts'
import { thumbnailFile, widestThumbnail } from './thumbnails.ts'

/** A course, and where the store has the files that it names. */
export interface ExportedCourse {
  readonly id: string
  /** Of all sections, in order. */
  readonly lessonIds: readonly string[]
  readonly course: FolderCourse
  readonly files: readonly { readonly name: string; readonly key: string }[]
}

const thumbnail = 'thumbnail'

/** The whole content of a course, as `importCourse` takes it; null where there is no such course. */
export async function exportCourse(db: Db, idOrSlug: string, site: Site): Promise<ExportedCourse | null> {
  const page = await findCoursePage(db, idOrSlug)
  if (!page) return null
  const contents = new Map((await findLessonContents(db, page.id)).map((lesson) => [lesson.id, lesson]))
  const materials = Map.groupBy(await findMaterialsOfCourse(db, page.id), ({ lesson_id }) => lesson_id)
  const { files, names } = await findFiles(
    db,
    page,
    (lesson) =>
      [
        contents.get(lesson.id)?.media_id ?? [],
        ...(materials.get(lesson.id) ?? []).map(({ media_id }) => media_id),
        ...namedBy(contents.get(lesson.id), site),
      ].flat(),
    namedBy({ body: page.description, text_media: page.text_media }, site),
  )

  const lessonOf = (lesson: OutlineLessonRow): FolderLesson => {
    const { body = null, media_id = null, text_media = [] } = contents.get(lesson.id) ?? {}
    const media = media_id === null ? undefined : names.get(media_id)
    const attached = (materials.get(lesson.id) ?? []).flatMap((material) => materialOf(material, names))
    return {
      title: lesson.title,
      type: lesson.type,
      ...(media === undefined ? {} : { media }),
      preview: lesson.preview,
      ...(lesson.duration_seconds === null ? {} : { durationSeconds: lesson.duration_seconds }),
      ...(lesson.available_after_days === null ? {} : { availableAfterDays: lesson.available_after_days }),
      ...(attached.length === 0 ? {} : { materials: attached }),
      body: body && withPaths(body, 'lesson', { names: only(names, text_media), site }),
    }
  }
  const picture = names.get(thumbnail)
  return {
    id: page.id,
    lessonIds: page.sections.flatMap(({ lessons }) => lessons.map(({ id }) => id)),
    course: {
      ...(await headOf(db, page)),
      description:
        page.description &&
        withPaths(page.description, 'course', { names: only(names, page.text_media), site }),
      ...(picture === undefined ? {} : { thumbnail: picture }),
      sections: page.sections.map(({ title, description, lessons }) => ({
        title,
        description,
        lessons: lessons.map(lessonOf),
      })),
    },
    files,
  }
}

async function headOf(db: Db, page: CoursePageRow): Promise<Omit<FolderCourse, 'sections' | 'description'>> {
  const { title, slug, subtitle, level, language, tags, sequential, status } = page
  const { price_amount: amount, price_currency: currency } = page
  const path = page.category ? await findCategoryPath(db, page.category.id) : []
  const instructors = await instructorsOf(db, page)
  const formerSlugs = (await findSlugsOf(db, page.id)).filter((had) => had !== slug)
  return {
    title,
    ...(subtitle ? { subtitle } : {}),
    ...(slug === slugify(title) ? {} : { slug }),
    ...(path.length > 0 ? { category: path.length === 1 ? (path[0] ?? '') : path } : {}),
    ...(level ? { level } : {}),
    ...(language ? { language } : {}),
    tags: [...tags],
    price: amount !== null && currency !== null ? { amount, currency } : null,
    sequential,
    ...(instructors.length === 0 ? {} : { instructors }),
    status,
    ...(page.hidden_reason === null ? {} : { hidden: page.hidden_reason }),
    ...(formerSlugs.length === 0 ? {} : { formerSlugs }),
  }
}

/** The leads first, by their addresses. */
async function instructorsOf(db: Db, page: CoursePageRow) {
  const people = await findPeople(db, page.instructor_ids)
  return people
    .map(({ id, email }) => ({
      email,
      role: page.lead_ids.includes(id) ? ('lead' as const) : ('assistant' as const),
    }))
    .sort((a, b) => b.role.localeCompare(a.role) || a.email.localeCompare(b.email))
}

/** The files of a course in the order of their use, each once, with the names that they get in its folder. */
async function findFiles(
  db: Db,
  page: CoursePageRow,
  mediaOf: (lesson: OutlineLessonRow) => string[],
  described: readonly string[],
) {
  const ids = [
    ...new Set([...described, ...page.sections.flatMap(({ lessons }) => lessons.flatMap(mediaOf))]),
  ]
  const rows = new Map((await findMediaByIds(db, ids)).map((media) => [media.id, media]))
  const found = ids.flatMap((id) => rows.get(id) ?? [])
  const stored = [
    ...(page.thumbnail_key === null
      ? []
      : [
          {
            id: thumbnail,
            fileName: 'thumbnail.webp',
            key: thumbnailFile(page.thumbnail_key, widestThumbnail),
          },
        ]),
    ...found.map(({ id, file_name, storage_key }) => ({ id, fileName: file_name, key: storage_key })),
  ]
  const names = nameFiles(stored)
  return { names, files: stored.map(({ id, key }) => ({ name: names.get(id) ?? id, key })) }
}

function materialOf({ media_id, title }: MaterialRow, names: ReadonlyMap<string, string>) {
  const file = names.get(media_id)
  return file === undefined ? [] : { file, ...(title === null ? {} : { title }) }
}

/** What a text names and may, in its order. */
function namedBy(said: Pick<LessonContents, 'body' | 'text_media'> | undefined, site: Site): string[] {
  return mediaNamedIn(said?.body ?? '', site).filter((id) => said?.text_media.includes(id))
}

function only(names: ReadonlyMap<string, string>, ids: readonly string[]): ReadonlyMap<string, string> {
  return new Map([...names].filter(([id]) => ids.includes(id)))
}
