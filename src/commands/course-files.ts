import { isUtf8 } from 'node:buffer'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import {
  type CourseFiles,
  filesFolder,
  readCourseFolder,
  type WholeFolder,
} from '../modules/catalogue/index.ts'
import { modules } from '../modules.ts'
import type { FolderFault } from '../platform/module.ts'
import type { Storage } from '../platform/storage/storage.ts'
import { CommandError } from './command.ts'

const mostBytesOfText = 2_000_000
// A bank may have 10,000 questions.
const mostBytesOfQuestions = 50_000_000

/**
 * Reads the course of a folder.
 * @throws CommandError with every fault of the folder
 */
export async function readCourse(folder: string): Promise<WholeFolder> {
  const { files, names, faults: unreadable } = await readCourseFiles(folder)
  const { folder: whole, faults } = readCourseFolder(files, names, modules)
  // A file that is there but was not read is not missing.
  const absent = new Set(unreadable.map(({ file }) => file).filter((file) => !files.has(file)))
  const all = [...unreadable, ...faults.filter(({ file }) => !absent.has(file))]
  if (!whole || all.length > 0) throw new CommandError(renderFaults(folder, all))
  return whole
}

interface ReadFolder {
  readonly files: CourseFiles
  /** What lies in its folder of files, which are not read. */
  readonly names: ReadonlySet<string>
  readonly faults: FolderFault[]
}

/** Reads the texts of a folder into memory, what can be read of them; hidden files are the editor's and are left out. */
async function readCourseFiles(folder: string): Promise<ReadFolder> {
  const files = new Map<string, string>()
  const names = new Set<string>()
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => {
    throw new CommandError(`${folder} is not a folder that can be read.`)
  })
  const faults: FolderFault[] = []
  for (const entry of entries) {
    const path = relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')
    if (entry.isDirectory() || path.split('/').some((name) => name.startsWith('.'))) continue
    const name = path.startsWith(`${filesFolder}/`) ? path.slice(filesFolder.length + 1) : null
    if (name !== null && entry.isFile() && !name.includes('/')) {
      names.add(name)
      continue
    }
    const mostBytes = path.endsWith('.yaml') ? mostBytesOfQuestions : mostBytesOfText
    const bytes = entry.isFile() ? await readFile(join(folder, path)) : null
    if (bytes === null || bytes.length > mostBytes) {
      faults.push({ file: path, line: 0, fault: `is not a file of at most ${mostBytes} bytes` })
      continue
    }
    const { text, line } = decode(bytes)
    if (line > 0) faults.push({ file: path, line, fault: 'is not text in UTF-8, or holds U+0000' })
    files.set(path, text)
  }
  return { files, names, faults }
}

/**
 * The text, with a mark in place of what is none, so that its other faults are found as well.
 * @returns the first line, from 1, that is not text; 0 where all are
 */
function decode(bytes: Buffer): { text: string; line: number } {
  const text = new TextDecoder().decode(bytes)
  if (isUtf8(bytes) && !text.includes('\0')) return { text, line: 0 }
  // No character of several bytes in UTF-8 holds the byte of a line's end.
  const line = 1 + bytes.toString('latin1').split('\n').findIndex(isBroken)
  return { text: text.replaceAll('\0', '\ufffd'), line }
}

function isBroken(line: string): boolean {
  return line.includes('\0') || !isUtf8(Buffer.from(line, 'latin1'))
}

/** Writes a course into a new or empty folder. */
export async function writeCourseFiles(folder: string, files: CourseFiles): Promise<void> {
  await mkdir(folder, { recursive: true })
  if ((await readdir(folder)).length > 0) throw new CommandError(`${folder} is not empty. Name a new folder.`)
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
}

/**
 * Writes a file of a course beside its texts.
 * @returns its path in the folder
 * @throws CommandError where the store has lost it
 */
export async function writeStored(
  storage: Storage,
  folder: string,
  { name, key }: { name: string; key: string },
): Promise<string> {
  const path = join(filesFolder, name)
  const object = await storage.open(key)
  if (!object) throw new CommandError(`The store has no object ${key}, which is to be ${path}.`)
  await mkdir(join(folder, filesFolder), { recursive: true })
  await pipeline(object.stream, createWriteStream(join(folder, path), { flags: 'wx' }))
  return path
}

/** One fault a line, as compilers write them, so that editors jump there. */
function renderFaults(folder: string, faults: readonly FolderFault[]): string {
  const lines = faults.map(
    ({ file, line, fault }) => `${join(folder, file)}${line > 0 ? `:${line}` : ''}: ${fault}`,
  )
  return `The course cannot be imported; nothing was changed.\n${lines.join('\n')}`
}
