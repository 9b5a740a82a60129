/**
 * The names of the client's methods. The rule: the resource is the first word of the path after `/api`; the method is the
 * operationId without the resource's own noun (`listCourses` of `courses` is `list`), where a bare `read`, `change`, `add` and
 * `remove` are `get`, `update`, `create` and `delete`. A name once published stays: where the rule would make a poor or a
 * changed one, it stands here instead, by operationId.
 */
const chosen: Readonly<Record<string, string>> = {
  countCourses: 'courses.facets',
  listMyCourses: 'courses.listMine',
  listMyEnrollments: 'enrollments.listMine',
  listMyPayments: 'payments.listMine',
  listMyCertificates: 'certificates.listMine',
  enroll: 'enrollments.create',
  readQuizCard: 'quizzes.get',
  redeemGuardianCode: 'children.create',
  assignChild: 'users.assignChild',
  unassignChild: 'users.unassignChild',
  requestFriend: 'friends.request',
  blockPerson: 'blocks.create',
  unblockPerson: 'blocks.delete',
  beginUpload: 'media.beginUpload',
  health: 'health.get',
  readiness: 'health.getReadiness',
}

/** Irregular plurals among the resources. */
const singulars: Readonly<Record<string, string>> = {
  children: 'child',
  media: 'media',
  quizzes: 'quiz',
  auth: 'auth',
}

/** The bare verbs that read better otherwise. A POST that is called `read…` marks something as read. */
const verbs: Readonly<Record<string, string>> = {
  read: 'get',
  change: 'update',
  add: 'create',
  remove: 'delete',
}

/** Whose answer, of which operation (and where in it), is called what: types that a front end has variables of. */
export const shapes: Readonly<Record<string, string>> = {
  User: 'getMe',
  SignedIn: 'login',
  Profile: 'getProfile',
  Money: 'readPayment.amount',
  Category: 'listCategories.items',
  Course: 'readCourse',
  CourseCard: 'listCourses.items',
  Section: 'changeSection',
  Lesson: 'changeLesson',
  LessonCard: 'listLessons.items',
  Outline: 'readOutline',
  Material: 'readMaterial',
  Review: 'listReviews.items',
  Media: 'getMediaDetails',
  Enrollment: 'readEnrollment',
  Payment: 'readPayment',
  Coupon: 'changeCoupon',
  Progress: 'readProgress',
  Quiz: 'readQuiz',
  Attempt: 'submitAttempt',
  Certificate: 'listMyCertificates.items',
  Person: 'listConversations.items.user',
  Conversation: 'listConversations.items',
  Message: 'readChatHistory.items',
  CallRecord: 'listCalls.items',
  Notification: 'listNotifications.items',
}

/** What nearly every operation may be refused with; the types name it once. */
export const commonCodes: readonly string[] = [
  'validation_failed',
  'unauthenticated',
  'payload_too_large',
  'unsupported_media_type',
  'rate_limited',
  'identity_provider_failed',
  'overloaded',
]

/** These end the session that the client holds. */
export const endsSession: readonly string[] = ['logout', 'logoutAll', 'deleteMe']

export interface MethodName {
  readonly resource: string
  readonly name: string
}

/** @throws Error where two operations would have one name: choose another for one of them, above */
export function nameMethods(
  operations: readonly { readonly operationId: string; readonly method: string; readonly path: string }[],
): Map<string, MethodName> {
  const names = new Map<string, MethodName>()
  const taken = new Map<string, string>()
  for (const { operationId, method, path } of operations) {
    const name = nameOf(operationId, method, path)
    const whole = `${name.resource}.${name.name}`
    const other = taken.get(whole)
    if (other)
      throw new Error(
        `${other} and ${operationId} would both be client.${whole}: choose in test/client/names.ts`,
      )
    taken.set(whole, operationId)
    names.set(operationId, name)
  }
  const gone = Object.keys(chosen).filter((id) => !names.has(id))
  if (gone.length > 0)
    throw new Error(`test/client/names.ts names operations that are not there: ${gone.join(', ')}`)
  return names
}

function nameOf(operationId: string, method: string, path: string): MethodName {
  const [resource = '', explicit] = chosen[operationId]?.split('.') ?? [
    camelCase(path.replace(/^\/api/, '').split('/')[1] ?? ''),
  ]
  if (explicit !== undefined) return { resource, name: explicit }
  const plural = capital(resource)
  const singular = capital(singulars[resource] ?? resource.replace(/ies$/, 'y').replace(/s$/, ''))
  const own = new RegExp(`(?:Of)?(?:${plural}|${singular})(?![a-z])`)
  const rest = operationId.replace(own, '')
  const [verb = rest] = /^[a-z]+/.exec(rest) ?? []
  const better = verbs[verb]
  const readsByPost = verb === 'read' && method !== 'get'
  if (!better || readsByPost || (rest !== verb && verb !== 'read')) return { resource, name: rest }
  return { resource, name: better + rest.slice(verb.length) }
}

const camelCase = (words: string) => words.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
export const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
