import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import ts from 'typescript'
import { root } from './documents.ts'

const ours: Readonly<Record<string, string>> = {
  '@lectern/client': 'client/src/index.ts',
  '@lectern/client/uploads': 'client/src/uploads.ts',
  '@lectern/client/realtime': 'client/src/realtime.ts',
  '@lectern/client/calls': 'client/src/calls.ts',
}

/** A folder where programs find the packages that Lectern has. */
export async function withPackages(folder: string): Promise<void> {
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
}

/** What the compiler has to say of programs for browsers, as strictly as of the client's own. */
export async function faultsOfTypes(
  folder: string,
  programs: Readonly<Record<string, string>>,
): Promise<string[]> {
  const files = Object.keys(programs).map((name) => join(folder, name))
  for (const [name, text] of Object.entries(programs)) await writeFile(join(folder, name), text)
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.esnext.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    paths: Object.fromEntries(Object.entries(ours).map(([name, file]) => [name, [join(root, file)]])),
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    allowImportingTsExtensions: true,
    noEmit: true,
    skipLibCheck: true,
  })
  return files.flatMap((file) => {
    const source = program.getSourceFile(file)
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText, start = 0 }) => {
        const line = source?.text.slice(0, start).split('\n').length
        return `${file}:${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
      },
    )
  })
}

/** Runs a program, with the client as it is in this repository, to its end; what it printed. */
export async function runProgram(folder: string, name: string, text: string): Promise<string> {
  const found = text.replaceAll(/from '(@lectern\/client[\w/]*)'/g, (_, specifier: string) => {
    return `from '${join(root, ours[specifier] ?? specifier)}'`
  })
  const file = join(folder, name)
  await writeFile(file, found)
  const child = spawn(process.execPath, [file], { cwd: folder, stdio: 'pipe', timeout: 120_000 })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${name} ended with ${code}:\n${printed}`)
  return printed
}

/** Imports first, as a module wants them that is put together of several blocks. */
export function asOneModule(parts: readonly string[]): string {
  const lines = parts.join('\n').split('\n')
  const isImport = (line: string) => /^import .* from '/.test(line)
  return [...new Set(lines.filter(isImport)), ...lines.filter((line) => !isImport(line)), ''].join('\n')
}
