import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { exists, isAlive, parsePidFile } from './pid-file.ts'

const whole = '4711\n/a b/postgres\n1795262000\n38771\n\n127.0.0.1\n  12058724    458773\nready   \n'

it.each([
  ['a whole file', whole, { pid: 4711, port: 38_771, status: 'ready' }],
  [
    'one that is still being written',
    '4711\n/a b/postgres\n1795262000\n',
    { pid: 4711, port: 0, status: '' },
  ],
  ['one of a standalone backend', '-4711\n/a b/postgres\n', { pid: 4711, port: 0, status: '' }],
  ['an empty file', '', null],
  ['anything else', 'nonsense\n1\n2\n3\n', null],
])('reads %s', (_name, text, expected) => {
  expect(parsePidFile(text)).toEqual(expected)
})

it('tells a process that runs from one that has ended', async () => {
  const child = spawn('sleep', ['600'])
  const pid = child.pid ?? 0
  expect(isAlive(pid)).toBe(true)
  const exited = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await exited
  expect(isAlive(pid)).toBe(false)
})

it.runIf(process.platform === 'linux')('does not take a zombie for a running process', async () => {
  // The shell becomes a program that never asks for the end of the child it inherits.
  const program = ['-c', 'sleep 600 & echo $!; exec sleep 600']
  const parent = spawn('/bin/sh', program, { stdio: ['ignore', 'pipe', 'ignore'] })
  const pid = await new Promise<number>((resolve) =>
    parent.stdout.once('data', (said) => resolve(Number(said))),
  )
  try {
    await expect.poll(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8')).toBe('sleep\n')
    process.kill(pid, 'SIGKILL')
    await expect.poll(() => isAlive(pid)).toBe(false)
    expect(exists(pid)).toBe(true)
  } finally {
    parent.kill('SIGKILL')
  }
})
