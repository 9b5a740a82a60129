import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { isatty } from 'node:tty'

const orphanPollMs = 300

/**
 * Runs a program in the caller's folder and terminal, and ends as it ends: with its status, or 128 and the signal's number.
 *
 * A terminal sends Ctrl-C (and its own closing) to all programs in it, so the child has the signal already, and npm passes it
 * on to us once more: with a terminal these are ignored here. SIGTERM comes to us alone and is passed on, once.
 * Under npm not even that comes: npm passes it to a shell, which dies of it and tells nobody. We notice that our parent is gone.
 * @param {string} program
 * @param {string[]} args
 * @param {Record<string, string | undefined>} env
 */
export function launch(program, args, env = process.env) {
  const child = spawn(program, args, { stdio: 'inherit', env })
  const terminal = [0, 1, 2].some((stream) => isatty(stream))
  const passed = new Set(terminal ? ['SIGINT', 'SIGHUP'] : [])
  const pass = (signal) => {
    if (!passed.has(signal)) child.kill(signal)
    passed.add(signal)
  }
  for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM']) process.on(signal, pass)
  if (process.env.npm_lifecycle_event) {
    const parent = process.ppid
    setInterval(() => process.ppid !== parent && pass('SIGTERM'), orphanPollMs).unref()
  }
  child.on('error', (error) => {
    process.stderr.write(`${program} cannot run: ${error.message}\n`)
    process.exit(1)
  })
  child.on('exit', (status, signal) => process.exit(signal ? 128 + constants.signals[signal] : status))
}
