import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { refuse } from '../../platform/http/refusal.ts'
import type { FolderTexts, Module } from '../../platform/module.ts'
import { findPeopleByEmail, findRoles } from '../accounts/index.ts'
import { addLesson } from './add-lesson.ts'
import { addMaterial } from './add-material.ts'
import { addSection } from './add-section.ts'
import { archiveCourse } from './archive-course.ts'
import { assignInstructors } from './assign-instructors.ts'
import { findChildCategory } from './category-queries.ts'
import type { FolderCourse, FolderLesson } from './course-folder.ts'
import { findCourseFacts, insertSlug } from './course-queries.ts'
import { createCategory } from './create-category.ts'
import { createCourse } from './create-course.ts'
import { slugTaken } from './errors.ts'
import { ownedBy } from './folder-parts.ts'
import { type TextOf, withIds } from './folder-texts.ts'
import { hideCourse } from './hide-course.ts'
import { publishCourse } from './publish-course.ts'
import { slugify } from './rules.ts'
import { setThumbnail } from './set-thumbnail.ts'
import type { Site } from './text-media.ts'

/** What the files of a course folder have become before it is imported. */
export interface BroughtFiles {
  /** The ids of media of the actor's, by the names of the files. */
  readonly media: ReadonlyMap<string, string>
  /** Under which its pictures are stored. */
  readonly thumbnailKey: string | null
}

const noFiles: BroughtFiles = { media: new Map(), thumbnailKey: null }

export interface ImportedCourse {
  readonly id: string
  readonly slug: string
  /** The addresses of instructors that the folder names and that nobody who teaches here has. */
  readonly absent: readonly string[]
}

/** What other modules have in the folder. */
interface OtherParts {
  readonly texts: FolderTexts
  readonly lessonPaths: readonly string[]
  readonly modules: readonly Module[]
}

const noParts: OtherParts = { texts: new Map(), lessonPaths: [], modules: [] }

/** Makes a course of a folder, through the same steps a person would go; a course of that name must not be there yet. */
export async function importCourse(
  tx: Tx,
  actor: Actor,
  course: FolderCourse,
  { files = noFiles, parts = noParts, site }: { files?: BroughtFiles; parts?: OtherParts; site: Site },
): Promise<ImportedCourse> {
  const { sections, category, status, hidden, formerSlugs, instructors, thumbnail: _, ...fields } = course
  const categoryId = await takeCategory(tx, actor, category)
  const id = await createCourse(tx, actor, {
    ...fields,
    description: textOf(course.description, 'course', files),
    ...(categoryId === null ? {} : { categoryId }),
    site,
  })
  const slug = course.slug ?? slugify(course.title)
  const made = await findCourseFacts(tx, id)
  if (made?.slug !== slug)
    throw refuse(slugTaken, `There is a course "${slug}" already. Rename one of the two.`)
  for (const had of formerSlugs ?? [])
    if ((await insertSlug(tx, { slug: had, courseId: id })) === undefined)
      throw refuse(slugTaken, `"${had}" leads to another course: take it out of formerSlugs.`)
  if (files.thumbnailKey !== null) await setThumbnail(tx, actor, { courseId: id, key: files.thumbnailKey })
  const lessonIds: string[] = []
  for (const { title, description, lessons } of sections) {
    const section = await addSection(tx, actor, { courseId: id, title, description })
    for (const lesson of lessons)
      lessonIds.push(await takeLesson(tx, actor, { sectionId: section.id, lesson, files, site }))
  }
  await takeParts(tx, actor, { courseId: id, lessonIds, parts })
  if (status === 'published') await publishCourse(tx, actor, { courseId: id, modules: parts.modules })
  // From the draft that it is here: a folder does not say who could read it before.
  if (status === 'archived') await archiveCourse(tx, actor, { id, status: made.status })
  // Whoever imports it: what was hidden at a school is not shown anew by moving it.
  if (hidden !== undefined) await hideCourse(tx, actor, { courseId: id, hidden: true, reason: hidden })
  // Last: who is not among them may not do the rest.
  const absent = await takeInstructors(tx, actor, id, instructors ?? [])
  return { id, slug, absent }
}

async function takeParts(
  tx: Tx,
  actor: Actor,
  made: { courseId: string; lessonIds: readonly string[]; parts: OtherParts },
): Promise<void> {
  const { courseId, lessonIds, parts } = made
  const lessons = new Map(lessonIds.map((id, index) => [parts.lessonPaths[index] ?? '', id]))
  for (const { courseFolder } of parts.modules)
    await courseFolder?.read(tx, actor, {
      texts: ownedBy(courseFolder.owns, parts.texts),
      course: { courseId, lessons },
    })
}

async function takeLesson(
  tx: Tx,
  actor: Actor,
  wish: { sectionId: string; lesson: FolderLesson; files: BroughtFiles; site: Site },
): Promise<string> {
  const { sectionId, lesson, files, site } = wish
  const { media, materials = [], type = 'text', body, ...fields } = lesson
  const made = await addLesson(tx, actor, {
    ...fields,
    type,
    sectionId,
    body: textOf(body, 'lesson', files),
    ...(media === undefined ? {} : { mediaId: idIn(files, media) }),
    site,
  })
  for (const { file, title } of materials)
    await addMaterial(tx, actor, { lessonId: made.id, mediaId: idIn(files, file), title: title ?? null })
  return made.id
}

function textOf(text: string | null, of: TextOf, files: BroughtFiles): string | null {
  return text === null ? null : withIds(text, of, (name) => idIn(files, name))
}

function idIn(files: BroughtFiles, name: string): string {
  const id = files.media.get(name)
  if (id === undefined) throw new Error(`the file ${name} was not brought`)
  return id
}

/** Those who are named and teach here get their parts; where no lead is among them, who imports stays the lead. */
async function takeInstructors(
  tx: Tx,
  actor: Actor,
  courseId: string,
  named: NonNullable<FolderCourse['instructors']>,
): Promise<string[]> {
  const ids = await findPeopleByEmail(
    tx,
    named.map(({ email }) => email),
  )
  const roles = await findRoles(tx, [...ids.values()])
  const here = new Map<string, 'lead' | 'assistant'>()
  const absent: string[] = []
  for (const { email, role } of named) {
    const userId = ids.get(email)
    const teaches = userId !== undefined && ['instructor', 'admin'].includes(roles.get(userId) ?? '')
    if (teaches) here.set(userId, role)
    else absent.push(email)
  }
  if (here.size === 0) return absent
  const hasLead = [...here.values()].includes('lead')
  if (!hasLead && actor.role === 'instructor') here.set(actor.userId, 'lead')
  // An admin who brings assistants alone says later who leads.
  if (!hasLead && actor.role !== 'instructor') return absent
  const instructors = [...here].map(([userId, role]) => ({ userId, role }))
  await assignInstructors(tx, actor, { courseId, instructors })
  return absent
}

/** Walks down the tree by name, making what is not there. */
async function takeCategory(tx: Tx, actor: Actor, path: FolderCourse['category']): Promise<string | null> {
  let parentId: string | null = null
  for (const name of [path ?? []].flat()) {
    const known: { id: string } | undefined = await findChildCategory(tx, parentId, name)
    parentId = (known ?? (await createCategory(tx, actor, { name, parentId }))).id
  }
  return parentId
}
