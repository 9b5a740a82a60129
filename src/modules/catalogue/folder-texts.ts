import { changeDestinations, destinationsIn, lineAt } from '../../platform/markdown/destinations.ts'
import type { FolderFault } from '../../platform/module.ts'
import { mediaIdOf } from '../media/index.ts'
import { type FileUse, filesFolder } from './folder-files.ts'
import type { Site } from './text-media.ts'

/** The way from a text to the folder of files: the course's own lies beside it, those of lessons a folder deeper. */
const ways = { course: `${filesFolder}/`, lesson: `../${filesFolder}/` } as const
export type TextOf = keyof typeof ways

const addressOfServer = /^\/api(?:\/v1)?\/media\/[0-9a-f-]{36}(?:[?#]|$)/i

/** The name of the file that a path in a text leads to, and what stands behind it; null where it leads elsewhere. */
function readPath(address: string, of: TextOf): { name: string; query: string } | null {
  const path = address.replace(/^(?:\.\/)+/, '')
  if (!path.startsWith(ways[of])) return null
  const [name = ''] = path.slice(ways[of].length).split(/[?#]/)
  const query = path.slice(ways[of].length + name.length)
  try {
    return { name: decodeURIComponent(name), query }
  } catch {
    return { name, query }
  }
}

/** The names of the files that a text of a folder shows or leads to, each once. */
export function namesInText(text: string | null, of: TextOf): string[] {
  const names = destinationsIn(text ?? '').flatMap(({ address }) => readPath(address, of)?.name ?? [])
  return [...new Set(names)]
}

/**
 * What a text uses, with the lines in its Markdown file.
 * @param file all of it: front matter, too
 * @param faults gets the addresses of a server, which mean nothing at another
 */
export function readUses(file: { path: string; text: string; of: TextOf }, faults: FolderFault[]): FileUse[] {
  const { path: by, text, of } = file
  return destinationsIn(text).flatMap(({ address, start }) => {
    const line = lineAt(text, start)
    if (addressOfServer.test(address))
      faults.push({
        file: by,
        line,
        fault: `${address} is a file of a server: put it into ${filesFolder}, and name it as ${ways[of]}NAME`,
      })
    const named = readPath(address, of)
    return named ? [{ by, line, field: 'text', name: named.name }] : []
  })
}

/** The text as a course has it: each file by its id. */
export function withIds(text: string, of: TextOf, idOf: (name: string) => string): string {
  return changeDestinations(text, (address) => {
    const named = readPath(address, of)
    return named && `/api/media/${idOf(named.name)}${named.query}`
  })
}

/** The text as a folder has it: each file by the path to it. @param names by the ids of those that the text may name */
export function withPaths(
  text: string,
  of: TextOf,
  { names, site }: { names: ReadonlyMap<string, string>; site: Site },
): string {
  return changeDestinations(text, (address) => {
    const name = names.get(mediaIdOf(address, site) ?? '')
    const width = /[?&](width=\d+)/.exec(address)?.[1]
    return name === undefined ? null : ways[of] + escapeName(name) + (width === undefined ? '' : `?${width}`)
  })
}

/** A name as it can stand in an address in Markdown; letters of all scripts stay what they are. */
function escapeName(name: string): string {
  return name.replace(/[\s%?#()<>&\\"'`]/g, (sign) =>
    /['()]/.test(sign) ? `%${sign.charCodeAt(0).toString(16)}` : encodeURIComponent(sign),
  )
}
