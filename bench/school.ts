import pg from 'pg'

/** How large a school is to be. */
export interface SchoolSize {
  readonly courses: number
  readonly users: number
  readonly enrollments: number
  readonly progress: number
}

/** What was built, as the tables have it. */
export interface BuiltSchool {
  readonly rows: Readonly<Record<string, number>>
  /** The course with the most students first. Its instructor is `instructorIds[0]`. */
  readonly courseIds: readonly string[]
  readonly adminId: string
  readonly instructorIds: readonly string[]
  readonly studentIds: readonly string[]
  readonly parentIds: readonly string[]
}

/** The school is as old as this, and its last day ends a minute before the moment it is built for. */
const days = 730

/**
 * Fills an empty, migrated database with a school of this size: the same rows each time for the same size and moment. Courses are of very
 * different popularity (the tenth that is most wanted has a third of all enrollments), of 100 enrollments 60 are active, 25 completed,
 * 10 cancelled and 5 pending (of paid courses, which four of seven are), what was cancelled was refunded, and people learn for 90 days after they
 * enrolled. Everything that is counted is counted as the migrations count it. Nobody can sign in with a password; tokens are to be made.
 * @param databaseUrl of a role that may set `session_replication_role`: rows are written without their triggers
 * @param at the moment the school is built for; days and streaks count from here
 */
export async function buildSchool(
  databaseUrl: string,
  size: SchoolSize,
  at = new Date(),
): Promise<BuiltSchool> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query('begin')
    await client.query(
      "set local session_replication_role = replica; set local work_mem = '256MB'; set local maintenance_work_mem = '512MB'",
    )
    await client.query(functionsFor(at))
    await client.query(
      `insert into school.plan
       select at, courses, users, enrollments, progress, users - 1 - greatest(1, users / 200) - users / 50, greatest(1, users / 200),
         users / 50, greatest(1, round(2 * progress / enrollments::float8 / 5)::int) * 5
       from (select $1::timestamptz, $2::int, $3::int, $4::int, $5::bigint) asked (at, courses, users, enrollments, progress)`,
      [at, size.courses, size.users, size.enrollments, size.progress],
    )
    const indexes = await dropIndexes(client)
    for (const statement of [...people, ...catalogue, ...enrollments, ...money, ...study])
      await client.query(statement)
    for (const index of indexes) await client.query(index)
    for (const statement of counts) await client.query(statement)
    await client.query('drop schema school cascade')
    await client.query('commit')
    await client.query('vacuum analyze')
    return await describe(client)
  } finally {
    await client.end()
  }
}

/** Takes the indexes of the large tables away that hold no constraint: made anew of all rows at once, they are made in a tenth of the time. */
async function dropIndexes(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select index.indexrelid::regclass::text as name, pg_get_indexdef(index.indexrelid) as definition from pg_index index
     where index.indrelid::regclass::text = any($1) and not index.indisunique
       and not exists (select from pg_constraint where conindid = index.indexrelid)`,
    [
      [
        'enrollments',
        'enrollment_history',
        'enrollment_entitlements',
        'payments',
        'lesson_progress',
        'activity_days',
      ],
    ],
  )
  for (const { name } of rows) await client.query(`drop index ${name}`)
  return rows.map(({ definition }) => definition)
}

async function describe(client: pg.Client): Promise<BuiltSchool> {
  const ids = async (text: string) => (await client.query<{ id: string }>(text)).rows.map(({ id }) => id)
  const of = (role: string) => ids(`select id from users where role = '${role}' order by id`)
  const tables = [
    'users',
    'courses',
    'lessons',
    'enrollments',
    'lesson_progress',
    'activity_days',
    'attempts',
    'payments',
  ]
  const rows: Record<string, number> = {}
  for (const table of tables) {
    const { rows: counted } = await client.query<{ count: string }>(`select count(*) from ${table}`)
    rows[table] = Number(counted[0]?.count)
  }
  const [adminId = ''] = await of('admin')
  return {
    rows,
    courseIds: await ids('select id from courses order by id'),
    adminId,
    instructorIds: await of('instructor'),
    studentIds: await of('student'),
    parentIds: await of('parent'),
  }
}

// Chance that is the same each time: a number from 0 to 1 for each thing and each question asked about it. Ids are UUIDv7 in form: when,
// which kind, and which of them.
const functionsFor = (at: Date) => {
  const began = new Date(at.getTime() - days * 86_400_000 - 60_000).toISOString()
  return `
create schema school;
create table school.plan (at timestamptz, courses int, users int, enrollments int, progress bigint, students int, instructors int,
  parents int, lessons int);
create function school.chance(thing bigint, question int) returns float8 immutable language sql
  return (hashint8extended(thing, question) & 1073741823) / 1073741824.0::float8;
create function school.id(kind int, n bigint, at timestamptz) returns uuid immutable language sql
  return (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(kind), 3, '0')
    || '8' || lpad(to_hex(n), 15, '0'))::uuid;
create function school.began() returns timestamptz immutable language sql return timestamptz '${began}';
create function school.moment(share float8) returns timestamptz stable language sql
  return date_trunc('milliseconds', timestamptz '${began}' + share * interval '${days * 24} hours');
-- Of people and courses, which are there from the first day on.
create function school.person(role int, n bigint) returns uuid immutable language sql return school.id(role, n, timestamptz '${began}');
create function school.course(n bigint) returns uuid immutable language sql return school.id(16, n, timestamptz '${began}');
`
}

const people = [
  `insert into users (id, email, email_verified_at, name, role, timezone, created_at, updated_at)
   select school.person(kind, n), lower(role || n || '@example.org'), school.began(), initcap(role) || ' ' || n, role::user_role,
     (array['Asia/Kolkata', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', null])[1 + (n % 5)::int], school.began(), school.began()
   from school.plan, lateral (
     select 1 as kind, 'admin' as role, n from generate_series(0, 0) n
     union all select 2, 'instructor', n from generate_series(0, instructors - 1) n
     union all select 3, 'parent', n from generate_series(0, parents - 1) n
     union all select 4, 'student', n from generate_series(0, students - 1) n
   ) people`,
  `insert into guardian_links (id, parent_id, child_id, created_at)
   select school.id(5, n * 2 + child, school.began()), school.person(3, n), school.person(4, (n * 2 + child) % students), school.began()
   from school.plan, generate_series(0, parents - 1) n, generate_series(0, 1) child`,
]

/** So few that each fills a page of a list in a school of a hundred courses too, so that schools of any size answer a search with as much. */
export const subjects = ['history', 'geometry', 'botany', 'music'] as const

const catalogue = [
  `insert into courses (id, slug, title, subtitle, description, status, level, language, tags, price_amount, price_currency, sequential,
     version, created_at, updated_at, published_at)
   select school.course(n), 'course-' || n, 'Course ' || n, 'The subject of ' || (array['${subjects.join("', '")}'])[1 + n % ${subjects.length}], repeat('What it is about. ', 20),
     (case when n % 19 = 18 then 'draft' when n % 23 = 22 then 'archived' else 'published' end)::course_status,
     (array['beginner', 'intermediate', 'advanced'])[1 + n % 3]::course_level, 'en', array['tag-' || n % 30],
     case when n % 7 < 4 then 1000 + 100 * (n % 90) end, case when n % 7 < 4 then (array['INR', 'USD', 'EUR'])[1 + n / 7 % 3] end,
     n % 3 = 0, 1, school.began(), school.moment(school.chance(n, 1)), case when n % 19 <> 18 then school.began() end
   from school.plan, generate_series(0, courses - 1) n`,
  'insert into course_slugs (slug, course_id) select slug, id from courses',
  // Each instructor leads every so many-th course, popular ones and others, and assists in the one after.
  `insert into course_instructors (course_id, user_id, role)
   select school.course(n), school.person(2, (n + part) % instructors),
     (case part when 0 then 'lead' else 'assistant' end)::instructor_role
   from school.plan, generate_series(0, courses - 1) n, generate_series(0, least(1, instructors - 1)) part where part = 0 or n % 4 = 0`,
  `insert into sections (id, course_id, title, position)
   select school.id(17, n * 1000 + section, school.began()), school.course(n), 'Section ' || section, section
   from school.plan, generate_series(0, courses - 1) n, generate_series(1, lessons / 5) section`,
  // The last lesson of a course is a quiz.
  `insert into lessons (id, course_id, section_id, title, type, body, duration_seconds, position, created_at, updated_at)
   select school.id(18, n * 1000 + lesson, school.began()), school.course(n),
     school.id(17, n * 1000 + (lesson - 1) / 5 + 1, school.began()), 'Lesson ' || lesson,
     (case lesson when lessons then 'quiz' else 'text' end)::lesson_type, repeat('A sentence of the lesson. ', 20), 300,
     (lesson - 1) % 5 + 1, school.began(), school.began()
   from school.plan, generate_series(0, courses - 1) n, generate_series(1, lessons) lesson`,
  `insert into quizzes (id, course_id, lesson_id, title, pass_percent, shuffle, reveal_answers, questions, draws, created_at, updated_at)
   select school.id(19, n, school.began()), school.course(n), school.id(18, n * 1000 + lessons, school.began()), 'What stuck?', 50,
     false, 'after_submit', '[{"id": "01900000-0000-7000-8000-000000000001", "type": "true_false", "text": "Is it so?", "points": 1,
       "answer": true}]', '[]', school.began(), school.began()
   from school.plan, generate_series(0, courses - 1) n`,
]

// The j-th of a student's enrollments is in the j-th part of the courses by their popularity, each part larger than the one before: so
// nobody is twice in a course, and the first ones are full. Draft courses have students as well: they were published once.
const enrollments = [
  `create table school.enrolled as
   select n, id, course, school.course(course) as course_id, user_id, status, paid, created_at, activated_at, span,
     activated_at + span as over_at
   from (
     select n, school.id(32, n, created_at) as id, course, user_id, created_at, paid,
       case when lot < 0.05 and paid then 'pending' when lot < 0.65 then 'active' when lot < 0.9 then 'completed' else 'cancelled' end as status,
       case when lot >= 0.05 or not paid then created_at end as activated_at,
       least(interval '90 days', plan_at - created_at) * (0.1 + 0.9 * school.chance(n, 6)) as span
     from (
       select n, school.person(4, n % students) as user_id, school.chance(n, 3) as lot, plan.at as plan_at,
         floor(courses * power((n / students + school.chance(n, 4)) / ceil(enrollments::float8 / students), 2))::bigint as course,
         school.moment(n::float8 / enrollments) as created_at
       from school.plan plan, generate_series(0, enrollments - 1) n
     ) chosen, lateral (select course % 7 < 4 as paid) price
   ) told`,
  `delete from school.enrolled where n in (
     select n from (select n, row_number() over (partition by user_id, course order by n) as place from school.enrolled) twice where place > 1)`,
  'create unique index on school.enrolled (n)',
  'analyze school.enrolled',
  `insert into enrollments (id, course_id, user_id, status, source, created_at, activated_at, completed_at, cancelled_at)
   select id, course_id, user_id, status::enrollment_status,
     case when activated_at is not null then (case when paid then 'purchase' else 'free' end)::enrollment_source end,
     created_at, activated_at, case status when 'completed' then over_at end, case status when 'cancelled' then over_at end
   from school.enrolled`,
  `insert into enrollment_history (id, enrollment_id, from_status, to_status, user_id, reason, at)
   select school.id(33, n, created_at), id, null::enrollment_status, (case when paid then 'pending' else 'active' end)::enrollment_status, user_id, 'enrolled',
     created_at from school.enrolled
   union all
   select school.id(34, n, created_at), id, 'pending', 'active', null::uuid, 'paid', activated_at from school.enrolled
   where paid and activated_at is not null
   union all
   select school.id(35, n, over_at), id, 'active'::enrollment_status, status::enrollment_status, user_id, status, over_at from school.enrolled
   where status in ('completed', 'cancelled')`,
  `insert into enrollment_entitlements (id, enrollment_id, source, reference, granted_at, revoked_at, revoke_reason)
   select school.id(36, n, created_at), id, (case when paid then 'purchase' else 'free' end)::enrollment_source,
     case when paid then school.id(48, n, created_at) end, activated_at,
     case status when 'cancelled' then over_at end, case status when 'cancelled' then 'cancelled' end
   from school.enrolled where activated_at is not null`,
]

// What is cancelled was refunded, in full.
const money = [
  `insert into payments (id, user_id, course_id, enrollment_id, gateway, status, amount, currency, list_amount, refunded_amount, reference,
     capture_reference, pays, created_at, captured_at)
   select school.id(48, n, enrolled.created_at), user_id, courses.id, enrolled.id, 'simulator',
     (case when activated_at is null then 'pending' when enrolled.status = 'cancelled' then 'refunded' else 'captured' end)::payment_status,
     price_amount, price_currency, price_amount, case enrolled.status when 'cancelled' then price_amount else 0 end, 'sim_' || n,
     case when activated_at is not null then 'sim_' || n end, activated_at is not null and enrolled.status <> 'cancelled',
     enrolled.created_at, activated_at
   from school.enrolled join courses on courses.id = course_id where paid`,
  `insert into payment_captures (gateway, capture_reference, payment_id, amount, currency, verdict, captured_at)
   select gateway, capture_reference, id, amount, currency, 'pays', captured_at from payments where captured_at is not null`,
  `insert into refunds (id, payment_id, gateway, capture_reference, amount, currency, status, requested_at, done_at)
   select school.id(49, n, over_at), payments.id, gateway, capture_reference, amount, currency, 'done', over_at, over_at
   from school.enrolled join payments on payments.id = school.id(48, n, enrolled.created_at) where payments.status = 'refunded'`,
  `insert into ledger_movements (id, cause, payment_id, at)
   select school.id(50, n, activated_at), 'capture:simulator:sim_' || n, school.id(48, n, created_at), activated_at
   from school.enrolled where paid and activated_at is not null
   union all
   select school.id(51, n, over_at), 'refund:' || school.id(49, n, over_at), school.id(48, n, created_at), over_at
   from school.enrolled where paid and status = 'cancelled'`,
  `insert into ledger_entries (movement_id, account, amount, currency)
   select movement.id, entry.account, entry.sign * payments.amount, payments.currency
   from ledger_movements movement join payments on payments.id = movement.payment_id,
     lateral (select account, sign from (values ('gateway', 1, true), ('sales', -1, true), ('gateway', -1, false), ('refunds', 1, false))
       of (account, sign, captured) where captured = starts_with(movement.cause, 'capture:')) entry`,
]

// Who completed has done all lessons, who gave up two, and the others what is left of the wanted rows, evenly spread.
const study = [
  `create table school.studied as
   select enrolled.n, enrolled.id as enrollment_id, course, course_id, user_id, status, lesson,
     date_trunc('milliseconds', activated_at + span * lesson / (case status when 'completed' then lessons else lessons + 1 end)) as at
   from school.enrolled cross join (select lessons, progress from school.plan) plan cross join (
     select (progress - lessons * count(*) filter (where status = 'completed') - 2 * count(*) filter (where status = 'cancelled'))
       / greatest(1, count(*) filter (where status = 'active'))::float8 as each
     from school.enrolled, school.plan group by progress, lessons
   ) share, lateral generate_series(1, case status
     when 'completed' then lessons when 'cancelled' then least(2, lessons)
     else least(lessons - 1, round(2 * each * school.chance(enrolled.n, 5))::int) end) lesson
   where activated_at is not null`,
  'analyze school.studied',
  `insert into lesson_progress (enrollment_id, lesson_id, completed_at, position_seconds, updated_at, quiz_passed_at)
   select enrollment_id, school.id(18, course * 1000 + lesson, school.began()), at, 300, at, case lesson when lessons then at end
   from school.studied, (select lessons from school.plan) plan order by at`,
  `insert into activity_days (user_id, day, course_id, quarters)
   select user_id, (at at time zone 'UTC')::date, course_id,
     bit_or(set_bit(repeat('0', 96)::bit(96), (floor(extract(epoch from at))::bigint / 900 % 96)::integer, 1))
   from school.studied group by 1, 2, 3 order by 2, 1`,
  `insert into enrollment_facts (enrollment_id, course_id, completed_lessons, last_activity_at, under_way)
   select enrollment_id, course_id, count(*), max(at), status = 'active' from school.studied group by 1, 2, status`,
  `insert into learning_counts (course_id, slot, shard, lessons_completed)
   select course_id, learning_slot(at), get_byte(uuid_send(enrollment_id), 15) % 16, count(*)
   from school.studied group by 1, 2, 3 order by 2, 1`,
  `insert into learning_counts (course_id, slot, shard, courses_completed)
   select course_id, learning_slot(completed_at), get_byte(uuid_send(id), 15) % 16, count(*)
   from enrollments where completed_at is not null group by 1, 2, 3
   on conflict (course_id, slot, shard) do update set courses_completed = excluded.courses_completed`,
  `insert into attempts (id, quiz_id, enrollment_id, user_id, number, pass_percent, quiz_version, status, started_at, submitted_at, questions,
     answer_key, answers, score_percent, passed, results, active_at)
   select school.id(64, n, over_at), school.id(19, course, school.began()), id, user_id, 1, 50, 1, 'submitted', over_at, over_at,
     '[{"id": "01900000-0000-7000-8000-000000000001", "type": "true_false", "text": "Is it so?", "points": 1}]',
     '[{"id": "01900000-0000-7000-8000-000000000001", "answer": true}]',
     '[{"questionId": "01900000-0000-7000-8000-000000000001", "value": true}]', 100, true,
     '[{"questionId": "01900000-0000-7000-8000-000000000001", "points": 1}]', over_at
   from school.enrolled where status = 'completed'`,
  `insert into quiz_results (enrollment_id, quiz_id, attempts, best_percent, passed_at, last_at)
   select enrollment_id, quiz_id, 1, score_percent, submitted_at, submitted_at from attempts`,
  `insert into certificates (id, enrollment_id, user_id, course_id, code, school, holder, course_title, completed_at, issued_at, token)
   select school.id(65, n, over_at), enrolled.id, user_id, course_id, lpad(n::text, 26, '0'), 'School', users.name,
     'Course ' || course, over_at, over_at, 'unsigned'
   from school.enrolled join users on users.id = user_id where enrolled.status = 'completed'`,
  `insert into reviews (id, course_id, user_id, stars, text, created_at, updated_at)
   select school.id(66, n, over_at), course_id, user_id, 1 + floor(5 * sqrt(school.chance(n, 7)))::int, 'As I found it.',
     over_at, over_at
   from school.enrolled where status = 'completed' and school.chance(n, 8) < 0.4`,
]

const counts = [
  `insert into course_stats (course_id, activations, lessons, stars)
   select courses.id, (select count(*) from enrollments where course_id = courses.id and activated_at is not null), lessons,
     array(select count(reviews.id)::int from generate_series(1, 5) star
       left join reviews on course_id = courses.id and stars = star group by star order by star)
   from courses, school.plan`,
  'select refresh_course_search(id) from courses where is_listed(courses)',
  'select review_search_words()',
  `insert into enrollment_slots (course_id, slot, begun, activated, cancelled)
   select course_id, slot, sum(begun), sum(activated), sum(cancelled) from enrollment_moves
   where type <> 'enrollment.completed' group by 1, 2 order by 2, 1`,
  `insert into enrollment_totals (course_id, pending, active, completed, cancelled)
   select course_id, sum(to_pending), sum(to_active), sum(to_completed), sum(to_cancelled) from enrollment_moves group by 1`,
  `insert into school_enrollment_slots (slot, shard, begun, activated, completed, cancelled)
   select slot, 0, sum(begun), sum(activated), sum(completed), sum(cancelled) from enrollment_moves group by 1`,
  `insert into school_enrollment_totals (type, shard, pending, active, completed, cancelled)
   select type, 0, sum(to_pending), sum(to_active), sum(to_completed), sum(to_cancelled) from enrollment_moves group by 1`,
  `insert into revenue_slots (course_id, currency, slot, captured, refunded, payments)
   select course_id, currency, slot, sum(captured), sum(refunded), sum(payments) from money_moves group by 1, 2, 3 order by 3, 1`,
  `insert into revenue_totals (course_id, currency, captured, refunded, payments)
   select course_id, currency, sum(captured), sum(refunded), sum(payments) from money_moves group by 1, 2`,
  `insert into school_revenue_slots (slot, currency, shard, captured, refunded, payments)
   select slot, currency, 0, sum(captured), sum(refunded), sum(payments) from money_moves group by 1, 2`,
  `insert into school_revenue_days (day, currency, shard, captured, refunded, payments)
   select day, currency, 0, sum(captured), sum(refunded), sum(payments) from money_moves_by_day group by 1, 2`,
  `insert into school_revenue_totals (currency, shard, captured, refunded, payments)
   select currency, 0, sum(captured), sum(refunded), sum(payments) from money_moves group by 1`,
  'insert into course_progress (course_id, shard, lessons) select course_id, 0, sum(lessons) from progress_moves group by 1',
  'insert into user_counts (role, status, shard, people) select role, status, 0, count(*) from users group by 1, 2',
]
