import { parseArgs } from 'node:util'
import { type Command, CommandError, consoleOutput, type Output } from './commands/command.ts'
import { commands } from './commands/commands.ts'
import { serveCommand } from './commands/serve.ts'
import { workerCommand } from './commands/worker.ts'
import { BackupError } from './platform/backup/backup-error.ts'
import { type Config, readConfig } from './platform/config.ts'
import { EmbeddedInUseError } from './platform/database/embedded.ts'
import { Refusal } from './platform/http/refusal.ts'
import { createLog } from './platform/log.ts'
import { ConfigurationError } from './platform/settings.ts'

const standardOptions = {
  help: { type: 'boolean', short: 'h' },
  json: { type: 'boolean' },
} as const

async function main(argv: string[]): Promise<void> {
  const [first = 'serve', ...rest] = argv
  const command = commands.find(({ name }) => name === first)
  if (!command) {
    const asked = first === '--help' || first === '-h' || first === 'help'
    if (!asked) throw new CommandError(`There is no command "${first}".\n\n${overview()}`)
    process.stdout.write(overview())
    return
  }
  const { values, positionals } = readArguments(command, rest)
  if (values.help) {
    process.stdout.write(helpOf(command))
    return
  }
  if (positionals.length !== command.positionals.length) throw new CommandError(helpOf(command))
  const output = consoleOutput(values.json === true)
  const config = readConfigFor(command, output)
  const stays = command === serveCommand || command === workerCommand
  const log = stays ? createLog(config.logLevel) : createLog('warn', 'stderr')
  await command.run({ config, log, positionals, values, output })
}

function readConfigFor({ tellFaults, withoutSecrets = false }: Command, output: Output): Config {
  try {
    return readConfig(undefined, { keepSecrets: !withoutSecrets })
  } catch (error) {
    if (error instanceof ConfigurationError) tellFaults?.(error.faults, output)
    throw error
  }
}

function readArguments(command: Command, args: string[]) {
  try {
    return parseArgs({ args, allowPositionals: true, options: { ...standardOptions, ...command.options } })
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : error}\n\n${helpOf(command)}`)
  }
}

function helpOf({ name, usage, summary }: Command): string {
  return `lectern ${name} ${usage}\n\n  ${summary}.\n  --json   the result as JSON\n  --help   this text\n`
}

function overview(): string {
  const width = Math.max(...commands.map(({ name, usage }) => name.length + usage.length + 1))
  const lines = commands.map(
    ({ name, usage, summary }) => `  ${`${name} ${usage}`.padEnd(width)}   ${summary}`,
  )
  return `lectern COMMAND\n\n${lines.join('\n')}\n\nConfiguration is by environment variables; README.md lists them.\n`
}

function isExpected(error: unknown): error is Error {
  return (
    error instanceof CommandError ||
    error instanceof BackupError ||
    error instanceof ConfigurationError ||
    error instanceof EmbeddedInUseError ||
    error instanceof Refusal
  )
}

try {
  await main(process.argv.slice(2))
  process.exit(0)
} catch (error) {
  const said = isExpected(error) ? error.message : error instanceof Error ? describe(error) : String(error)
  process.stderr.write(`\n${said}\n`)
  process.exit(1)
}

function describe(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${error.cause.stack ?? error.cause.message}` : ''
  return `${error.stack ?? error.message}${cause}`
}
