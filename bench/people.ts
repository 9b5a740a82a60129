import type { Stand } from './stand.ts'

/** Who asks about what: chosen by chance that is the same each time. */
export interface Place {
  readonly user: string
  readonly course: string
  readonly lesson: string
  readonly enrollment: string
  readonly quiz: string
}

const studying = (where: string, count: string) => `
  select enrollments.id as enrollment, enrollments.user_id as "user", enrollments.course_id as course, quizzes.id as quiz
  from enrollments join courses on courses.id = enrollments.course_id
  join quizzes on quizzes.course_id = courses.id and quizzes.lesson_id is not null
  where enrollments.status = 'active' and courses.status = 'published' and ${where}
  order by md5(enrollments.id::text) limit ${count}`

/** People who are under way in a course, with a text lesson of it that is open to them and that they have not completed. */
export async function findStudents(
  { client }: Stand,
  options: { count: number; anyOrder?: boolean },
): Promise<Place[]> {
  const { rows } = await client.query<Place>(
    `select place.*, lesson.id as lesson
     from (${studying(options.anyOrder ? 'not courses.sequential' : 'true', '2 * $1::int')}) place, lateral (
       select lessons.id, lessons.type from lessons join sections on sections.id = lessons.section_id
       where lessons.course_id = place.course and not exists (
         select from lesson_progress done
         where done.enrollment_id = place.enrollment and done.lesson_id = lessons.id and done.completed_at is not null)
       order by sections.position, lessons.position limit 1
     ) lesson where lesson.type = 'text' limit $1`,
    [options.count],
  )
  return rows
}

/** Students, each with a published course they have never been in, free or paid. */
export async function findNewcomers(
  { client }: Stand,
  options: { count: number; free: boolean },
): Promise<Pick<Place, 'user' | 'course'>[]> {
  const { rows } = await client.query<Pick<Place, 'user' | 'course'>>(
    `select users.id as "user", course.id as course
     from users, lateral (
       select id from courses
       where status = 'published' and hidden_at is null and (price_amount is null) = $2
         and not exists (select from enrollments where user_id = users.id and course_id = courses.id)
       order by md5(users.id::text || courses.id::text) limit 2
     ) course
     where users.role = 'student' order by md5(users.id::text) limit $1`,
    [options.count, options.free],
  )
  return rows
}
