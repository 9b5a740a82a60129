import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname } from 'node:path'

/** Pastes lines into one shell, as a reader would; what it printed on both streams. Throws where it takes longer than two minutes. */
export async function paste(
  script: string,
  options: { cwd: string; env?: Readonly<Record<string, string>> },
): Promise<string> {
  const { PATH = '', HOME = '' } = process.env
  const shell = spawn('bash', ['-s'], {
    cwd: options.cwd,
    env: { PATH: `${dirname(process.execPath)}:${PATH}`, HOME, ...options.env },
    stdio: 'pipe',
    timeout: 120_000,
  })
  let printed = ''
  for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (chunk) => (printed += chunk))
  shell.stdin.end(script)
  const [code] = await once(shell, 'close')
  if (code === null) throw new Error(`It did not end:\n${printed}`)
  return printed
}

/** `NAME=value` lines as a shell or systemd reads them: without comments and quotes. */
export function assignments(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('#'))
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, quoted, plain = ''] = /^([A-Z][A-Z0-9_]*)=(?:"(.*?)"|(.*?))(?:\s+#.*)?$/.exec(line) ?? []
      if (name === undefined) throw new Error(`This line sets no variable: ${line}`)
      return [name, quoted ?? plain]
    }),
  )
}
