import type { Db } from '../../platform/database/database.ts'
import type { FolderFault, FolderTexts, Module } from '../../platform/module.ts'
import {
  type CourseFiles,
  type FolderCourse,
  parseCourseFolder,
  renderCourseFolder,
} from './course-folder.ts'
import type { ExportedCourse } from './export-course.ts'

/** A course folder as it was read: the course itself, and what belongs to other modules. */
export interface WholeFolder {
  readonly course: FolderCourse
  /** Of all sections, in order. */
  readonly lessonPaths: readonly string[]
  readonly texts: FolderTexts
}

type Modules = readonly Pick<Module, 'courseFolder'>[]

/** Reads a folder with what all modules have in it. Either there are no faults, or `folder` is null and every fault is listed. */
export function readCourseFolder(
  files: CourseFiles,
  names: ReadonlySet<string>,
  modules: Modules,
): { folder: WholeFolder | null; faults: FolderFault[] } {
  const parts = modules.flatMap(({ courseFolder }) => courseFolder ?? [])
  const isOwned = (path: string) => parts.some(({ owns }) => owns(path))
  const [texts, own] = [new Map<string, string>(), new Map<string, string>()]
  for (const [path, text] of files) (isOwned(path) ? texts : own).set(path, text)

  const { course, faults } = parseCourseFolder(own, names)
  const lessonPaths = lessonPathsIn(own)
  const types = course?.sections.flatMap(({ lessons }) => lessons.map(({ type = 'text' }) => type))
  const lessons = types ? new Map(types.map((type, index) => [lessonPaths[index] ?? '', type])) : null
  const published = course?.status === 'published'
  for (const { owns, check } of parts)
    faults.push(...check({ texts: ownedBy(owns, texts), lessons, published }))
  return { folder: course && faults.length === 0 ? { course, lessonPaths, texts } : null, faults }
}

/**
 * Writes a course with what all modules have of it; `readCourseFolder` reads it back to the same. What could not be published as it is
 * now, though it once was, is written as a draft.
 * @returns the files, and in sentences why it became a draft
 */
export async function renderWholeFolder(
  db: Db,
  { course, id: courseId, lessonIds }: ExportedCourse,
  modules: Modules,
): Promise<{ files: CourseFiles; hindrances: readonly string[] }> {
  const files = new Map(renderCourseFolder(course))
  const lessons = new Map(lessonPathsIn(files).map((path, index) => [path, lessonIds[index] ?? '']))
  const hindrances = lessons.size === 0 ? ['It has no lesson.'] : []
  for (const { courseFolder } of modules) {
    const part = await courseFolder?.write(db, { courseId, lessons })
    for (const [path, text] of part?.texts ?? []) files.set(path, text)
    hindrances.push(...(part?.hindrances ?? []).map(({ message }) => message))
  }
  if (course.status !== 'published' || hindrances.length === 0) return { files, hindrances: [] }
  for (const [path, text] of renderCourseFolder({ ...course, status: 'draft' })) files.set(path, text)
  return { files, hindrances }
}

export function ownedBy(owns: (path: string) => boolean, texts: FolderTexts): FolderTexts {
  return new Map([...texts].filter(([path]) => owns(path)))
}

function lessonPathsIn(files: CourseFiles): string[] {
  return [...files.keys()].filter((path) => path.includes('/') && !path.endsWith('/section.md')).sort()
}
