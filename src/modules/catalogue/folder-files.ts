import type { FolderFault } from '../../platform/module.ts'

/** Where the videos, documents and pictures of a course folder lie, all beside each other. */
export const filesFolder = 'files'

export interface FileUse {
  /** The Markdown file that names it, and by which of its fields. */
  readonly by: string
  readonly field: string
  readonly name: string
  /** From 1, where it is not that of the field. */
  readonly line?: number
}

/** Refuses files that are named and not there, and files that are there and not named. */
export function compareFiles(
  names: ReadonlySet<string>,
  uses: readonly FileUse[],
  lineOf: (file: string, field: string) => number,
  faults: FolderFault[],
): void {
  for (const { by, field, name, line = lineOf(by, field) } of uses) {
    if (!names.has(name))
      faults.push({
        file: by,
        line,
        fault: `"${field}": there is no ${filesFolder}/${name}`,
      })
  }
  const used = new Set(uses.map(({ name }) => name))
  for (const name of names) {
    if (!used.has(name))
      faults.push({
        file: `${filesFolder}/${name}`,
        line: 0,
        fault: 'is used by no lesson and no text, and is not the thumbnail',
      })
  }
}

/**
 * Names files for a folder: as they are called, but for what file systems do not take, and each name once, whatever the case of its
 * letters.
 * @returns the name of each id, in the order given
 */
export function nameFiles(files: readonly { id: string; fileName: string }[]): Map<string, string> {
  const taken = new Set<string>()
  const names = new Map<string, string>()
  for (const { id, fileName } of files) {
    const plain = fileName.replaceAll(/[<>:"|?*\\/\p{Cc}]/gu, '_').replace(/^[. ]+|[. ]+$/g, '') || 'file'
    const dot = plain.lastIndexOf('.')
    const [stem, ending] = dot > 0 ? [plain.slice(0, dot), plain.slice(dot)] : [plain, '']
    let name = plain
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${stem}-${number}${ending}`
    taken.add(name.toLowerCase())
    names.set(id, name)
  }
  return names
}
