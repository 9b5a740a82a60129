import { expectTypeOf, it } from 'vitest'
import type { Client, Course, Enrollment, LecternError, Page, User } from '../src/index.ts'

/** Never run: tsc reads it. A line marked as an error that is none fails the check. */
export async function types(client: Client): Promise<void> {
  expectTypeOf(await client.users.getMe()).toEqualTypeOf<User>()
  expectTypeOf(await client.courses.get('git')).toEqualTypeOf<Course>()
  expectTypeOf(await client.enrollments.listMine()).toEqualTypeOf<Page<Enrollment>>()
  expectTypeOf(await client.auth.logout()).toEqualTypeOf<void>()
  expectTypeOf(await client.certificates.download('id')).toEqualTypeOf<Blob>()
  for await (const course of client.courses.iterate({ q: 'git', level: 'beginner' }))
    expectTypeOf(course.price).toEqualTypeOf<{ amount: number; currency: string } | null>()

  const { data, error } = await client.enrollments.create({ courseId: 'id' }).safe()
  if (error) {
    expectTypeOf(error).toExtend<LecternError<string>>()
    expectTypeOf<'already_enrolled'>().toExtend<typeof error.code>()
    expectTypeOf<'network_failed'>().toExtend<typeof error.code>()
    expectTypeOf<'slug_taken'>().not.toExtend<typeof error.code>()
  } else expectTypeOf(data).toEqualTypeOf<Enrollment>()

  // @ts-expect-error a field that the server does not know
  client.courses.list({ query: 'git' })
  // @ts-expect-error a value that it does not take
  client.courses.list({ level: 'hard' })
  // @ts-expect-error a field that must be there
  client.lessons.create({ title: 'A lesson', type: 'text' })
  // @ts-expect-error a path parameter that must be there
  client.courses.get()
  // @ts-expect-error an input that must be there
  client.enrollments.create()
  // @ts-expect-error what is answered has no such field
  void (await client.users.getMe()).password
  // @ts-expect-error data is null where there is an error
  void (await client.users.getMe().safe()).data.name
}

it('are read by tsc', () => expectTypeOf(types).toBeFunction())
