import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import type { CourseFiles, FolderFault } from '../modules/catalogue/index.ts'
import { CommandError } from './command.ts'

const mostBytes = 2_000_000

/** Reads a course folder into memory; hidden files are the editor's and are left out. */
export async function readCourseFiles(folder: string): Promise<CourseFiles> {
  const files = new Map<string, string>()
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => {
    throw new CommandError(`${folder} is not a folder that can be read.`)
  })
  const faults: FolderFault[] = []
  for (const entry of entries) {
    const path = relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')
    if (entry.isDirectory() || path.split('/').some((name) => name.startsWith('.'))) continue
    const text = entry.isFile() ? await readText(join(folder, path)) : null
    if (text === null)
      faults.push({ file: path, line: 0, fault: `is not a text file in UTF-8 of at most ${mostBytes} bytes` })
    else files.set(path, text)
  }
  if (faults.length > 0) throw new CommandError(renderFaults(folder, faults))
  return files
}

async function readText(path: string): Promise<string | null> {
  const bytes = await readFile(path)
  if (bytes.length > mostBytes) return null
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
    return text.includes('\0') ? null : text
  } catch {
    return null
  }
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

/** One fault a line, as compilers write them, so that editors jump there. */
export function renderFaults(folder: string, faults: readonly FolderFault[]): string {
  const lines = faults.map(
    ({ file, line, fault }) => `${join(folder, file)}${line > 0 ? `:${line}` : ''}: ${fault}`,
  )
  return `The course cannot be imported; nothing was changed.\n${lines.join('\n')}`
}
