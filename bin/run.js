#!/usr/bin/env node
// run.js <program> [arguments]: runs a program of node_modules (vitest, biome, tsc, node, …) with the locked Node.js.
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { delimiter, dirname, extname, join } from 'node:path'
import { ensureInstalled, root } from './install.js'
import { launch } from './launch.js'

const [name, ...args] = process.argv.slice(2)
const node = await ensureInstalled()
const file = name === 'node' ? node : findProgram(name)
if (file) {
  const [program, ...first] = isScript(file) ? [node, file] : [file]
  launch(program, [...first, ...args], environment())
} else {
  process.stderr.write(
    `Usage: node bin/run.js <program> [arguments]. No package here has a program "${name ?? ''}".\n`,
  )
  process.exit(2)
}

/** By package-lock.json, which lists the programs of every package; node_modules/.bin holds other things on Windows. */
function findProgram(wanted) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  for (const [path, { bin }] of Object.entries(packages)) {
    const file = path.lastIndexOf('node_modules/') === 0 && bin?.[wanted]
    if (file) return join(root, path, file)
  }
  return null
}

function isScript(path) {
  if (['.js', '.mjs', '.cjs'].includes(extname(path))) return true
  const start = Buffer.alloc(80)
  const file = openSync(path, 'r')
  readSync(file, start)
  closeSync(file)
  return /^#!.*\bnode\b/.test(start.toString('latin1'))
}

/** Programs that are started in turn find the locked Node.js and each other. */
function environment() {
  const key = Object.keys(process.env).find((variable) => variable.toUpperCase() === 'PATH') ?? 'PATH'
  const folders = [join(root, 'node_modules', '.bin'), dirname(node), process.env[key]]
  return { ...process.env, [key]: folders.filter(Boolean).join(delimiter) }
}
