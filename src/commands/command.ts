import type { ParseArgsConfig } from 'node:util'
import type { Config } from '../platform/config.ts'
import type { Log } from '../platform/log.ts'

/** A command of `lectern`. It resolves when it is done; what it throws is shown as one line, with exit status 1. */
export interface Command {
  readonly name: string
  /** What follows the name: `FOLDER [--json]`. */
  readonly usage: string
  readonly summary: string
  readonly options?: NonNullable<ParseArgsConfig['options']>
  /** The positional arguments it needs, by name. */
  readonly positionals: readonly string[]
  run(call: Call): Promise<void>
  /** Needs no secrets, and leaves it to others to make them where there are none yet. */
  readonly withoutSecrets?: boolean
  /** Takes a configuration that cannot be used as a result of its own, where the rest of the commands only fail. */
  readonly tellFaults?: (faults: readonly string[], output: Output) => void
}

export interface Call {
  readonly config: Config
  readonly log: Log
  readonly positionals: readonly string[]
  readonly values: Readonly<Record<string, unknown>>
  readonly output: Output
}

/** What a command says: results on standard output, progress on standard error. */
export interface Output {
  /** The result: the text, or with `--json` the object on one line. */
  result(text: string, object: unknown): void
  /** Progress on long work; a terminal sees it on one line. */
  progress(text: string): void
}

/** Something that the person at the keyboard did or can mend: shown without a stack. */
export class CommandError extends Error {}

export function consoleOutput(json: boolean): Output {
  const terminal = process.stderr.isTTY
  let onOneLine = false
  return {
    result(text, object) {
      if (onOneLine) process.stderr.write('\n')
      process.stdout.write(`${json ? JSON.stringify(object) : text}\n`)
    },
    progress(text) {
      process.stderr.write(terminal ? `\r\u001b[K${text}` : `${text}\n`)
      onOneLine = terminal
    },
  }
}
