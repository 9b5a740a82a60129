// Plain JavaScript for any Node.js from 20 on: it runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** The folder of package.json. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

const modules = join(root, 'node_modules')
const stamp = join(modules, '.lectern-installed')
const unfinished = join(modules, '.lectern-installing')
const npmList = join(modules, '.package-lock.json')
const platform = `${process.platform}-${process.arch}`
const locked = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
const onPath = process.platform === 'win32' ? 'npm.cmd' : 'npm'
const oldest = 20
const own = 26
const longestMs = 15 * 60_000

/**
 * Sees to it that node_modules is what package-lock.json says, by npm if need be.
 * @returns {Promise<string>} the Node.js to run Lectern with: the locked one
 */
export async function ensureInstalled() {
  if (Number.parseInt(process.versions.node, 10) < oldest) {
    fail(`Lectern needs Node.js ${oldest} or later; this is ${process.versions.node}.`)
  }
  const lockFile = readFileSync(join(root, 'package-lock.json'))
  const wanted = `${createHash('sha256').update(lockFile).digest('hex')} ${platform}\n`
  const installed = () => readText(stamp) === wanted && existsSync(locked)
  if (!installed()) {
    await alone(async (share) => {
      if (installed()) return
      if (!matches(JSON.parse(lockFile.toString()))) await install(share)
      writeFileSync(stamp, wanted)
    })
  }
  return node()
}

/** The locked Node.js; where it could not be installed, one that is new enough will do. */
function node() {
  if (existsSync(locked)) return locked
  if (Number.parseInt(process.versions.node, 10) >= own) return process.execPath
  fail(`Node.js ${own}, which package-lock.json names, could not be installed for ${platform}.`)
}

/** Whether somebody has installed these very releases already, as by npm install: npm keeps a list of what it put there. */
function matches(lock) {
  const list = readText(npmList)
  if (list === null || existsSync(unfinished) || !existsSync(locked)) return false
  const found = JSON.parse(list).packages
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '') return true
    const there = found[path]
    if (!there) return wanted.optional === true
    return there.version === wanted.version && there.integrity === wanted.integrity
  })
}

/**
 * `npm install --no-save` takes the releases and checks the sums of package-lock.json and leaves that file alone, as npm ci does;
 * but npm ci refuses to work at all where the registry in use lacks a package for some other platform.
 */
async function install(share) {
  process.stderr.write(
    'Lectern installs what it needs with npm; this happens once and takes a minute or so.\n',
  )
  clear()
  mkdirSync(modules, { recursive: true })
  writeFileSync(unfinished, '')
  // With development dependencies, whatever NODE_ENV says: Node.js itself is one.
  const args = ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  const { status, signal, said } = await npm(args, share)
  if (status !== 0) {
    fail(`npm install failed (${signal ?? `status ${status}`}); the next start begins it again.\n${said}`)
  }
  // The package `node` fetches its program in an install script: done by hand where npm was told to run none.
  if (!existsSync(locked)) {
    const options = { cwd: join(modules, 'node'), env: npmEnvironment(), stdio: 'ignore' }
    spawnSync(process.execPath, ['installArchSpecificPackage.js'], options)
  }
  rmSync(unfinished)
}

/** Removes what an installation that was cut short, or one for another platform, has left; otherwise npm fetches only what changed. */
function clear() {
  if (!existsSync(modules)) return
  const elsewhere = !(readText(stamp) ?? platform).trim().endsWith(platform)
  if (existsSync(npmList) && !existsSync(unfinished) && !elsewhere) return
  for (const name of readdirSync(modules)) rmSync(join(modules, name), { recursive: true, force: true })
}

/** Runs the npm that runs us (npm start), or the one on the path; one that we leave behind must not work on alone. */
async function npm(args, share) {
  const running = process.env.npm_execpath ?? ''
  const [command, ...first] = running.endsWith('npm-cli.js') ? [process.execPath, running] : [onPath]
  const options = {
    cwd: root,
    env: npmEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: command === 'npm.cmd',
  }
  const child = spawn(command, [...first, ...args], options)
  if (child.pid) share(child.pid)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => {
      child.kill(signal)
      child.once('close', () => process.exit(128 + constants.signals[signal]))
    })
  }
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => (said = `${said}${data}`.slice(0, 4000)))
  return new Promise((resolve) => {
    child.once('error', () => fail('npm was not found: it comes with Node.js, see https://nodejs.org/.'))
    child.once('close', (status, signal) => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name)
      resolve({ status, signal, said: said.trim() })
    })
  })
}

/** A surrounding npm tells its scripts which folder and script it works on; that is not what the inner one is to do. */
function npmEnvironment() {
  const taken = /^npm_(config_local_prefix|config_prefix|lifecycle_|package_)/i
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !taken.test(name)))
}

/**
 * Runs `work` while no other Lectern installs into the same folder: `npm start` and `npm test` may come at the same moment.
 * `work` gets a function to name one more process that must have ended before another may begin.
 */
async function alone(work) {
  const name = createHash('sha256').update(`${root} ${process.getuid?.()}`).digest('hex').slice(0, 16)
  const file = join(tmpdir(), `lectern-install-${name}`)
  for (let said = false; !claim(file); said = true) {
    if (isStale(file)) rmSync(file, { force: true })
    else if (!said) process.stderr.write(`Another process installs (${file}): waiting for it.\n`)
    await setTimeout(100)
  }
  try {
    await work((pid) => appendFileSync(file, ` ${pid}`))
  } finally {
    rmSync(file, { force: true })
  }
}

function claim(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

/** Its processes are gone, or it is older than any installation takes. */
function isStale(file) {
  const holders = (readText(file) ?? '').split(' ').filter(Boolean).map(Number)
  const made = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
  return (holders.length > 0 && !holders.some(isAlive)) || Date.now() - made > longestMs
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
  // One that has ended but is not reaped, as in containers without an init: proc_pid_stat(5).
  return !/\) [ZX] /.test(readText(`/proc/${pid}/stat`) ?? '')
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
