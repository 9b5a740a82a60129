import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort, runLectern, type ServerProcess, startServer, startWorker } from '../support/server.ts'

const demo = join(import.meta.dirname, '../../demo/courses')
const course = 'version-control-with-git'
/** As the course's folder names her. */
const instructor = {
  email: 'instructor@demo.example',
  password: 'a long password',
  name: 'Inês',
  role: 'instructor',
}
let folder: string
let server: ServerProcess
const lectern = (...args: string[]) => runLectern(args, { LECTERN_DATA: join(folder, 'data') })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lectern import-'))
  server = await startServer({ data: join(folder, 'data'), port: await freePort() })
  await server.client.post('/api/auth/register', instructor)
})
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

async function contents(path: string): Promise<Record<string, string>> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Object.fromEntries(
    await Promise.all(
      files.sort().map(async (file) => [file.slice(path.length), await readFile(file, 'latin1')]),
    ),
  )
}

describe('lectern import and export', { timeout: 180_000 }, () => {
  it('are inverse to each other, beside a running server: the folder comes back to the byte, film and all', async () => {
    const source = join(demo, course)
    const imported = await lectern('import', source, '--as', instructor.email, '--json')
    expect(imported).toMatchObject({ code: 0 })
    expect(JSON.parse(imported.stdout)).toMatchObject({ slug: course, sections: 3, lessons: 8, files: 2 })
    const { body } = await server.client.get(`/api/courses/${course}`)
    expect(body).toMatchObject({
      title: 'Version control with Git',
      instructors: [{ name: 'Inês', role: 'lead' }],
    })
    expect((await fetch(body.thumbnail.url)).headers.get('content-type')).toBe('image/webp')

    const target = join(folder, 'exported')
    expect(await lectern('export', course, target)).toMatchObject({ code: 0 })
    expect(await contents(target)).toEqual(await contents(source))
  })

  it('refuse a second course of the same name, and an export over files that are there', async () => {
    const [again, over, none] = await Promise.all([
      lectern('import', join(demo, course), '--as', instructor.email),
      lectern('export', course, demo),
      lectern('export', 'no-such-course', join(folder, 'x')),
    ])
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining(`"${course}" already`) })
    expect(over).toMatchObject({ code: 1, stderr: expect.stringContaining('not empty') })
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('no-such-course') })
  })

  it('import of a damaged folder names file, line and fault, and changes nothing', async () => {
    const damaged = join(folder, 'damaged')
    await cp(join(demo, 'sql-for-curious-people'), damaged, { recursive: true })
    const lesson = join(damaged, '01-asking-questions/02-filtering-and-sorting-rows.md')
    await writeFile(lesson, (await readFile(lesson, 'utf8')).replace('type: text', 'type: podcast'))
    const { code, stderr } = await lectern('import', damaged, '--as', instructor.email)
    expect(code).toBe(1)
    expect(stderr).toContain(`${lesson}:3: "type" must be one of`)
    expect((await server.client.get('/api/courses/sql-for-curious-people')).status).toBe(404)
  })

  it('import names the line of what is not text, with every other fault of the folder', async () => {
    const binary = join(folder, 'binary')
    await cp(join(demo, 'version-control-with-git'), binary, { recursive: true })
    const [lesson, section] = ['02-choosing-what-goes-into-a-commit.md', 'section.md'].map((name) =>
      join(binary, '01-saving-your-work', name),
    ) as [string, string]
    const text = (await readFile(lesson, 'utf8')).replace('type: text', 'type: podcast')
    const lines = text.split('\n').length
    await writeFile(lesson, Buffer.concat([Buffer.from(`${text}\ncaf`), Buffer.from([0xe9])]))
    await writeFile(section, `${await readFile(section, 'utf8')}a\0b`)
    await writeFile(join(binary, 'course.md'), Buffer.alloc(2_000_001, 'x'))
    const { code, stderr } = await lectern('import', binary, '--as', instructor.email)
    expect(code).toBe(1)
    expect(stderr).toContain(`${lesson}:${lines + 1}: is not text in UTF-8`)
    expect(stderr).toContain(`${lesson}:3: "type" must be one of`)
    expect(stderr).toMatch(/section\.md:\d+: is not text in UTF-8, or holds U\+0000/)
    expect(stderr).toContain(`${join(binary, 'course.md')}: is not a file of at most 2000000 bytes`)
    expect(stderr).not.toContain('is missing')
  })

  it('import for somebody who teaches nothing here is refused', async () => {
    const { code, stderr } = await lectern(
      'import',
      join(demo, 'version-control-with-git'),
      '--as',
      'nobody@example.org',
    )
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('nobody@example.org') })
  })
})

describe('lectern admin create', () => {
  it('says that an address is none', async () => {
    expect(await lectern('admin', 'create', '--email', 'bad', '--name', 'Root')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('"bad" is not an e-mail address'),
    })
  })
  it('makes an admin who can sign in, the password from standard input; a short one is refused', async () => {
    const env = { LECTERN_DATA: join(folder, 'data') }
    const args = ['admin', 'create', '--email', 'root@example.org', '--name', 'Root']
    expect(await runLectern(args, env, 'short')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('8 characters'),
    })
    expect(await runLectern(args, env, 'a long password\n')).toMatchObject({ code: 0 })
    const { body } = await server.client.post('/api/auth/login', {
      email: 'root@example.org',
      password: 'a long password',
    })
    expect(body.user.role).toBe('admin')
  })
})

describe('lectern worker', { timeout: 180_000 }, () => {
  it('works the jobs of a server that runs with JOBS=off', async () => {
    const data = join(folder, 'apart')
    const apart = await startServer({ data, port: await freePort(), env: { JOBS: 'off' } })
    await apart.client.post('/api/auth/register', { ...instructor, email: 'mail@example.org' })
    const mails = () => apart.client.get('/dev/mailbox.json').then(({ body }) => body.items)
    expect(await mails()).toEqual([])
    const worker = startWorker(data)
    await expect.poll(mails, { timeout: 20_000 }).toMatchObject([{ to: 'mail@example.org' }])
    expect(await worker.stop()).toBe(0)
    await apart.stop()
  })
})
