// Generated from openapi.json and asyncapi.json by test/generate.ts: npm run generate.
import type { FileSource } from '../files.ts'

export interface User {
  id: string
  email: string
  name: string
  role: 'student' | 'instructor' | 'parent' | 'admin'
  status: 'active' | 'suspended'
  avatarUrl?: string
  emailVerified: boolean
  headline?: string
  bio?: string
  locale?: string
  timezone?: string
  createdAt: string
}

export interface SignedIn {
  user: User
  /** A JWT for the Authorization header, valid for 15 minutes. */
  accessToken: string
  accessTokenExpiresAt: string
  refreshAfterSeconds: number
  /** For `client: "native"` only. */
  refreshToken?: string
}

export interface Profile {
  id: string
  name: string
  role: 'student' | 'instructor' | 'parent' | 'admin'
  headline?: string
  bio?: string
  avatarUrl?: string
}

export interface Money {
  amount: number
  currency: string
}

export interface Category {
  id: string
  name: string
  slug: string
  parentId?: string
}

export interface Course {
  id: string
  slug: string
  title: string
  subtitle?: string
  /** Markdown. Lists leave it out. */
  description?: string
  status: 'draft' | 'published' | 'archived'
  price: Money | null
  category?: Category
  level?: 'beginner' | 'intermediate' | 'advanced'
  language?: string
  tags: string[]
  /** Lessons open one after the other. */
  sequential: boolean
  /** An admin took it out of the catalogue. */
  hidden: boolean
  /** For its owners. */
  hiddenReason?: string
  rating: {
    /** Stars, to two places; 0 where nobody has reviewed it. */
    average: number
    count: number
  }
  /** WebP, for everybody who has the address. Another picture has other addresses. */
  thumbnail?: {
    /** The widest. */
    url: string
    widths: {
      /** In pixels. A picture that is less wide is never enlarged. */
      width: number
      url: string
    }[]
  }
  instructors: {
    id: string
    name: string
    role: 'lead' | 'assistant'
    headline?: string
    avatarUrl?: string
  }[]
  /** Counts every change of the course, its sections and its lessons. */
  version: number
  createdAt: string
  updatedAt: string
  publishedAt?: string
  sections: {
    id: string
    title: string
    description?: string
    /** Counts from 1. */
    position: number
    lessons: {
      id: string
      title: string
      type: 'video' | 'text' | 'file' | 'quiz'
      /** Counts from 1. */
      position: number
      /** Anybody may see its content. */
      preview: boolean
      durationSeconds?: number
      availableAfterDays?: number
    }[]
  }[]
  counts: {
    sections: number
    lessons: number
    /** Of all lessons that say theirs. */
    durationSeconds: number
  }
  /** With `format=html`. What takes too long to render (no text that is meant to be read) is given as written, in a `pre`. Files of ours that it shows or leads to have addresses that work without a bearer, for as long as the `url` of a Media does. */
  descriptionHtml?: string
  /** What one who is signed in has to do with the course. */
  viewer?: {
    enrollment: Enrollment | null
    progress: {
      completedLessons: number
      totalLessons: number
      /** Of the lessons, rounded down: 100 only when all is done, the exam too. */
      percent: number
    } | null
  }
}

export interface CourseCard {
  id: string
  slug: string
  title: string
  subtitle?: string
  /** Markdown. Lists leave it out. */
  description?: string
  status: 'draft' | 'published' | 'archived'
  price: Money | null
  category?: Category
  level?: 'beginner' | 'intermediate' | 'advanced'
  language?: string
  tags: string[]
  /** Lessons open one after the other. */
  sequential: boolean
  /** An admin took it out of the catalogue. */
  hidden: boolean
  /** For its owners. */
  hiddenReason?: string
  rating: {
    /** Stars, to two places; 0 where nobody has reviewed it. */
    average: number
    count: number
  }
  /** WebP, for everybody who has the address. Another picture has other addresses. */
  thumbnail?: {
    /** The widest. */
    url: string
    widths: {
      /** In pixels. A picture that is less wide is never enlarged. */
      width: number
      url: string
    }[]
  }
  instructors: {
    id: string
    name: string
    role: 'lead' | 'assistant'
    headline?: string
    avatarUrl?: string
  }[]
  /** Counts every change of the course, its sections and its lessons. */
  version: number
  createdAt: string
  updatedAt: string
  publishedAt?: string
}

export interface Section {
  id: string
  courseId: string
  title: string
  description?: string
  /** Counts from 1. */
  position: number
}

export interface Lesson {
  id: string
  sectionId: string
  courseId: string
  title: string
  type: 'video' | 'text' | 'file' | 'quiz'
  /** Counts from 1. */
  position: number
  preview: boolean
  durationSeconds?: number
  availableAfterDays?: number
  /** Markdown; only where the reader may see it. */
  body?: string
  /** Its file; only where the reader may see it. */
  mediaId?: string
}

export interface LessonCard {
  id: string
  sectionId: string
  courseId: string
  title: string
  type: 'video' | 'text' | 'file' | 'quiz'
  /** Counts from 1. */
  position: number
  preview: boolean
  durationSeconds?: number
  availableAfterDays?: number
  /** Markdown; only where the reader may see it. */
  body?: string
  /** Its file; only where the reader may see it. */
  mediaId?: string
}

export interface Outline {
  sections: {
    id: string
    title: string
    description?: string
    /** Counts from 1. */
    position: number
    lessons: {
      id: string
      title: string
      type: 'video' | 'text' | 'file' | 'quiz'
      /** Counts from 1. */
      position: number
      /** Anybody may see its content. */
      preview: boolean
      durationSeconds?: number
      availableAfterDays?: number
      state: 'locked' | 'open' | 'completed'
      /** What completes it: saying so, or passing its quiz. */
      completedBy: 'mark' | 'quiz'
      completedAt?: string
      positionSeconds?: number
      /** The lesson to complete first. */
      lockedBy?: string
      /** Which rule keeps it locked, and when that may change. */
      lock?: {
        /** `earlier_lesson`: complete `lessonId` first; `exam`: pass its quiz first; `date`: wait until `opensAt`. */
        rule: 'earlier_lesson' | 'exam' | 'date'
        /** The lesson to complete first. */
        lessonId?: string
        /** Not before this moment, whatever is completed. */
        opensAt?: string
      }
    }[]
  }[]
  course: {
    courseId: string
    completedLessons: number
    totalLessons: number
    /** Of the lessons, rounded down: 100 only when all is done, the exam too. */
    percent: number
  }
  /** The first lesson that is open. */
  nextLessonId?: string
  /** Where the course has one. In a sequential course it is the last step. */
  exam?: {
    quizId: string
    state: 'locked' | 'open' | 'passed'
    passedAt?: string
    /** The lesson to complete first. */
    lockedBy?: string
    /** Which rule keeps it locked, and when that may change. */
    lock?: {
      /** `earlier_lesson`: complete `lessonId` first; `exam`: pass its quiz first; `date`: wait until `opensAt`. */
      rule: 'earlier_lesson' | 'exam' | 'date'
      /** The lesson to complete first. */
      lessonId?: string
      /** Not before this moment, whatever is completed. */
      opensAt?: string
    }
  }
}

export interface Material {
  id: string
  lessonId: string
  /** The name of the file, if it has none of its own. */
  title: string
  /** Counts from 1. */
  position: number
  media: Media
}

export interface Review {
  id: string
  courseId: string
  stars: number
  /** The same as `stars`. */
  rating: number
  /** Plain text. */
  text?: string
  author: {
    /** Not of people who have left. */
    id?: string
    name: string
    avatarUrl?: string
  }
  createdAt: string
  updatedAt: string
}

export interface Media {
  id: string
  kind: 'image' | 'video' | 'audio' | 'document'
  /** By the content, whatever the file is called. */
  contentType: string
  fileName: string
  bytes: number
  /** `failed`: it came whole, but cannot be played; `failureReason` says why. */
  status: 'uploading' | 'ready' | 'failed'
  failureReason?: string
  /** Works without a bearer, for a `<video src>`, for an hour and a half to three hours. */
  url: string
  durationSeconds?: number
  width?: number
  height?: number
  /** Of an image: the smaller ones, as WebP, that `&width=` at the end of `url` gives. */
  widths?: number[]
}

export interface Enrollment {
  id: string
  courseId: string
  userId: string
  status: 'pending' | 'active' | 'completed' | 'cancelled'
  createdAt: string
  activatedAt?: string
  completedAt?: string
  cancelledAt?: string
  course: {
    id: string
    slug: string
    title: string
  }
}

export interface Payment {
  id: string
  courseId: string
  enrollmentId: string
  userId: string
  /** `coupon`: nothing was left to pay. */
  gateway: 'stripe' | 'razorpay' | 'simulator' | 'coupon'
  status: 'pending' | 'captured' | 'failed' | 'refunded'
  amount: Money
  /** What a coupon took off. */
  discount?: Money
  refunded: Money
  /** `superseded`, `expired`, `declined`, `amount_mismatch`, or the gateway’s own words. */
  failureReason?: string
  createdAt: string
  capturedAt?: string
  /** What went back, or is to go back, the oldest first. */
  refunds: {
    id: string
    amount: Money
    /** The gateway’s own name of the money that goes back. */
    captureReference: string
    /** What that money was: `pays`, access rested on it; otherwise why it paid for nothing. */
    verdict: 'pays' | 'amount_mismatch' | 'captured_twice' | 'paid_twice' | 'student_gone' | 'coupon_exhausted'
    /** `failed`: the gateway refuses, or more was asked for than is left; the money can be asked for again. */
    status: 'requested' | 'done' | 'failed'
    reason?: string
    createdAt: string
    doneAt?: string
  }[]
}

export interface Coupon {
  id: string
  code: string
  percentOff?: number
  amountOff?: Money
  /** Absent: for every course. */
  courseId?: string
  maxRedemptions?: number
  perUser?: number
  startsAt?: string
  endsAt?: string
  /** How often it is used, payments under way included. */
  redeemed: number
  createdAt: string
}

export interface Progress {
  course: {
    courseId: string
    completedLessons: number
    totalLessons: number
    /** Of the lessons, rounded down: 100 only when all is done, the exam too. */
    percent: number
  }
  lessons: {
    lessonId: string
    state: 'locked' | 'open' | 'completed'
    /** What completes it: saying so, or passing its quiz. */
    completedBy: 'mark' | 'quiz'
    completedAt?: string
    positionSeconds?: number
    /** The lesson to complete first. */
    lockedBy?: string
    /** Which rule keeps it locked, and when that may change. */
    lock?: {
      /** `earlier_lesson`: complete `lessonId` first; `exam`: pass its quiz first; `date`: wait until `opensAt`. */
      rule: 'earlier_lesson' | 'exam' | 'date'
      /** The lesson to complete first. */
      lessonId?: string
      /** Not before this moment, whatever is completed. */
      opensAt?: string
    }
  }[]
  /** The first lesson that is open. */
  nextLessonId?: string
  /** Where one was last: the newest completion or position. With its position, the place to go on. */
  lastLessonId?: string
  /** Where the course has one. In a sequential course it is the last step. */
  exam?: {
    quizId: string
    state: 'locked' | 'open' | 'passed'
    passedAt?: string
    /** The lesson to complete first. */
    lockedBy?: string
    /** Which rule keeps it locked, and when that may change. */
    lock?: {
      /** `earlier_lesson`: complete `lessonId` first; `exam`: pass its quiz first; `date`: wait until `opensAt`. */
      rule: 'earlier_lesson' | 'exam' | 'date'
      /** The lesson to complete first. */
      lessonId?: string
      /** Not before this moment, whatever is completed. */
      opensAt?: string
    }
  }
}

export interface Quiz {
  id: string
  courseId: string
  /** Absent: the exam of the course. */
  lessonId?: string
  title: string
  passPercent: number
  /** At most a week. */
  timeLimitSeconds?: number
  maxAttempts?: number
  shuffle: boolean
  revealAnswers: 'never' | 'after_submit' | 'after_pass' | 'after_last_attempt'
  questions: {
    id: string
    type: 'single' | 'multiple' | 'true_false' | 'numeric' | 'short_text' | 'ordering' | 'matching'
    text: string
    points: number
    explanation?: string
    tags: string[]
    options?: {
      text: string
      correct: boolean
    }[]
    answer?: unknown
    tolerance?: number
    accepted?: string[]
    items?: string[]
    pairs?: {
      left: string
      right: string
    }[]
  }[]
  draw: {
    count: number
    tag?: string
    questionIds?: string[]
  }[]
  /** Counts the changes. */
  version: number
  createdAt: string
  updatedAt: string
}

export interface Attempt {
  id: string
  quizId: string
  userId: string
  /** Counts from 1 for each person and quiz. */
  number: number
  status: 'open' | 'submitted' | 'expired'
  startedAt: string
  deadline?: string
  /** Whole, rounded down. */
  scorePercent?: number
  passed?: boolean
  /** Of an expired one: its deadline. */
  submittedAt?: string
  questions: {
    id: string
    type: 'single' | 'multiple' | 'true_false' | 'numeric' | 'short_text' | 'ordering' | 'matching'
    text: string
    points: number
    options?: {
      id: string
      text: string
    }[]
    items?: {
      id: string
      text: string
    }[]
    lefts?: {
      id: string
      text: string
    }[]
    rights?: {
      id: string
      text: string
    }[]
  }[]
  answers: {
    questionId: string
    /** As it was sent. */
    value: unknown
    sequence?: number
  }[]
  /** For its student as `revealAnswers` says; for owners once it is closed. */
  results?: {
    questionId: string
    /** What was earned. */
    points: number
    /** All of it. */
    correct: boolean
    /** In the form of an answer; of a `short_text` all that is accepted. */
    correctAnswer: unknown
    tolerance?: number
    explanation?: string
  }[]
}

export interface Certificate {
  id: string
  code: string
  courseId: string
  courseTitle: string
  /** As they were called when it was issued. */
  holder: string
  completedAt: string
  issuedAt: string
  revoked: boolean
  revokedAt?: string
  revokeReason?: string
  downloadUrl: string
  /** A page for anybody who is shown the certificate. */
  verifyUrl: string
}

/** The other one. */
export interface Person {
  id: string
  name: string
  headline?: string
  avatarUrl?: string
}

export interface Conversation {
  id: string
  /** The other one. */
  user: Person
  lastMessage: Message
  unread: number
  /** The last message that one has read. */
  readUpTo: number
  canWrite: boolean
}

export interface Message {
  id: string
  /** The number of a message in its conversation. */
  sequence: number
  from: string
  to: string
  text?: string
  media?: Media
  /** Its sender has left, and taken along what it said. */
  erased?: boolean
  clientId: string
  createdAt: string
  readAt?: string
}

export interface CallRecord {
  id: string
  with: Person
  media: 'audio' | 'video'
  direction: 'outgoing' | 'incoming'
  state: 'ringing' | 'active' | 'declined' | 'cancelled' | 'missed' | 'busy' | 'ended'
  startedAt: string
  answeredAt?: string
  endedAt?: string
  /** Connected; 0 where it was not taken, or still goes on. */
  durationSeconds: number
}

export interface Notification {
  id: string
  kind: 'enrollment' | 'payment' | 'course_published' | 'lesson_added' | 'certificate' | 'quiz_result' | 'message' | 'friend_request' | 'missed_call' | 'reminder' | 'child' | 'moderation' | 'webhook' | 'security'
  title: string
  body: string
  /** What it is about: `event`, the type of the fact, and ids such as `courseId`. */
  data: Record<string, unknown>
  read: boolean
  createdAt: string
}

export interface ListWebhooksInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
}

export interface ListWebhooksItem {
  id: string
  url: string
  events: string[]
  description?: string
  enabled: boolean
  /** `gone`: the receiver answered 410; `failing`: nothing got through for three days. */
  disabledReason?: 'admin' | 'gone' | 'failing'
  disabledAt?: string
  /** Nothing got through since; absent while it works. */
  failingSince?: string
  /** The secret before this one signs too, until then. */
  oldSecretUntil?: string
  createdAt: string
  updatedAt: string
}

export interface CreateWebhookInput {
  /** Where to post to. HTTPS; a public address, unless WEBHOOKS_ALLOW_PRIVATE is on. */
  url: string
  /** Types (`payment.captured`), families (`payment.*`) or everything (`*`). */
  events: string[]
  /** Signs what is sent. Best left out: one is made then. One that begins with `whsec_` has 24 to 64 bytes in base64 behind it; any other is used as it stands. */
  secret?: string | undefined
  description?: string | undefined
}

export interface CreateWebhookResult {
  id: string
  url: string
  events: string[]
  description?: string
  enabled: boolean
  /** `gone`: the receiver answered 410; `failing`: nothing got through for three days. */
  disabledReason?: 'admin' | 'gone' | 'failing'
  disabledAt?: string
  /** Nothing got through since; absent while it works. */
  failingSince?: string
  /** The secret before this one signs too, until then. */
  oldSecretUntil?: string
  createdAt: string
  updatedAt: string
  /** Shown this once. */
  secret: string
}

export interface ChangeWebhookInput {
  /** Where to post to. HTTPS; a public address, unless WEBHOOKS_ALLOW_PRIVATE is on. */
  url?: string | undefined
  /** Types (`payment.captured`), families (`payment.*`) or everything (`*`). */
  events?: string[] | undefined
  description?: string | null | undefined
  /** While it is false nothing is kept for it; what waits counts as failed. */
  enabled?: boolean | undefined
}

export interface RotateWebhookSecretInput {
  /** Signs what is sent. Best left out: one is made then. One that begins with `whsec_` has 24 to 64 bytes in base64 behind it; any other is used as it stands. */
  secret?: string | undefined
}

export interface ListWebhookDeliveriesInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
  status?: 'pending' | 'delivered' | 'failed' | undefined
  type?: string | undefined
}

export interface ListWebhookDeliveriesItem {
  id: string
  endpointId: string
  /** The header `webhook-id`, at every attempt. */
  eventId: string
  type: string
  occurredAt: string
  /** As it is sent. */
  data: unknown
  status: 'pending' | 'delivered' | 'failed'
  attemptCount: number
  /** The last 20, newest first. */
  attempts: {
    number: number
    at: string
    durationMs: number
    statusCode?: number
    /** Why there was no answer. */
    error?: string
    /** The first KB of the body of the answer. */
    answer?: string
  }[]
  nextAttemptAt?: string
  deliveredAt?: string
  createdAt: string
}

export interface ReplayFailedWebhookDeliveriesInput {
  /** All that failed of what was handed over from this moment on. */
  since: string
}

export interface ReplayFailedWebhookDeliveriesResult {
  replayed: number
}

export interface ListDeadLettersInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
}

export interface ListDeadLettersItem {
  id: string
  /** The kind of job. */
  name: string
  payload: unknown
  attempts: number
  lastError: string | null
  failedAt: string
}

export interface ListAuditInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
  /** Who did it. */
  actor?: string | undefined
  /** The id of what it is about, or of a person it concerns. */
  subject?: string | undefined
  action?: string | undefined
  /** At this moment or later. */
  from?: string | undefined
  /** Before this moment. */
  to?: string | undefined
}

export interface ListAuditItem {
  id: string
  at: string
  /** A stable word for what was done. */
  action: string
  /** Null: the school itself, its operator, or a stranger. */
  actor: {
    id: string
    /** The role in which it was done; null where it was not by a request. */
    role: string | null
    /** As it is now; null of a deleted person. */
    name: string | null
  } | null
  subject: {
    /** What kind of thing it is about. */
    type: string
    id: string | null
  }
  /** The ids of the people it concerns beside the subject. */
  concerns: string[]
  /** The fact: what changed from what to what, amounts, reasons. */
  details: unknown
  requestId: string | null
  address: string | null
}

export interface ListBackupsInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
}

export interface ListBackupsItem {
  /** Of the file at the target. */
  name: string
  createdAt: string
  bytes: number
  /** The newest migration it has. */
  migration: string
  /** Whether `lectern backup --verify` has restored it for trial and found it equal. */
  verified: boolean
}

export interface MakeBackupResult {
  status: 'queued'
}

export interface ListJobsInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
}

export interface ListJobsItem {
  name: string
  /** When it runs by itself: cron, five fields in UTC. Not there: it is queued as things happen. */
  schedule?: string
  /** The last one that has ended; written down within five seconds. */
  lastRun?: {
    at: string
    durationMs: number
    ok: boolean
    /** What it said when it failed. */
    error?: string
  }
  /** The next tick of its schedule or, if that comes first, when the first of those that wait is due: in the past, it waits for a worker. */
  nextRun?: string
  /** In the last seven days (UTC), today among them. */
  runs: number
  /** How many of these runs failed; one that is tried again and succeeds counts as both. */
  failures: number
  /** In the queue, for now or later. */
  waiting: number
  running: number
  /** Dead letters: their attempts are used up. */
  dead: number
}

export interface SummarizeLessonInput {
  lessonId: string
}

export interface SummarizeLessonResult {
  lessonId: string
  /** Plain text; show it as such. */
  summary: string
  /** Kept from before: it took nothing of the quota. */
  cached: boolean
  /** What it took, as the model’s service counts it; nothing, if it was kept from before. */
  usage: {
    inputTokens: number
    outputTokens: number
  }
}

export interface DraftQuizInput {
  lessonId: string
  count: number
  /** Of which types the questions may be; any, if left out. */
  types?: ('single' | 'multiple' | 'true_false' | 'numeric' | 'short_text' | 'ordering' | 'matching')[] | undefined
  /** Another draft than the one that is kept from before. */
  fresh?: boolean | undefined
}

export interface DraftQuizResult {
  /** By the assistant; nobody has looked at it yet. */
  drafted: true
  title: string
  passPercent: number
  shuffle: boolean
  revealAnswers: 'never' | 'after_submit' | 'after_pass' | 'after_last_attempt'
  questions: {
    type: 'single' | 'multiple' | 'true_false' | 'numeric' | 'short_text' | 'ordering' | 'matching'
    text: string
    points: number
    explanation?: string | null
    tags?: string[]
    /** `single`, `multiple`: two or more; exactly one of `single` and at least one of `multiple` is correct. */
    options?: {
      text: string
      correct: boolean
    }[]
    /** `true_false`: a boolean. `numeric`: a number. */
    answer?: boolean | number
    /** `numeric`: how far off is still right, this far included; 0 if left out. */
    tolerance?: number
    /** `short_text`: compared without case, accents kept, outer space trimmed. */
    accepted?: string[]
    /** `ordering`: two or more, in the right order. */
    items?: string[]
    /** `matching`: two or more. */
    pairs?: {
      left: string
      right: string
    }[]
    /** The passage of the lesson that the question comes from. */
    citation: string
  }[]
}

export interface GiveFeedbackInput {
  courseId: string
  /** Oneself, if left out. */
  studentId?: string | undefined
}

export interface GiveFeedbackResult {
  courseId: string
  studentId: string
  /** Plain text; every number in it is one of the figures, put there by the school. */
  feedback: string
  figures: {
    completedLessons: number
    totalLessons: number
    remainingLessons: number
    percent: number
    enrolledAt: string
    completedAt?: string
    lastActivityAt?: string
    daysSinceLastActivity?: number
    quizzes: {
      title: string
      exam: boolean
      attempts: number
      bestPercent: number
      passed: boolean
      lastAttemptAt: string
    }[]
  }
  /** Kept from before: it took nothing of the quota. */
  cached: boolean
  /** What it took, as the model’s service counts it; nothing, if it was kept from before. */
  usage: {
    inputTokens: number
    outputTokens: number
  }
}

export interface ReadUserActivityInput {
  /** A day of the time zone, or a moment. Else: 30 days, 12 weeks or 12 months, the current one included. */
  from?: string | undefined
  /** A day of the time zone, which is included, or a moment, which is not. Else: today. */
  to?: string | undefined
  /** Weeks begin on Mondays (ISO 8601). Default: `"day"`. */
  interval?: 'day' | 'week' | 'month' | undefined
  /** Of the IANA. Else: the one of the profile, or UTC. */
  timezone?: string | undefined
}

export interface ReadUserActivityResult {
  interval: 'day' | 'week' | 'month'
  timezone: string
  series: {
    /** When the day, week or month begins in the time zone. */
    start: string
    /** Who did something in a lesson or an attempt, counted once. */
    activePeople: number
    /** Accounts that were made. */
    newUsers: number
  }[]
}

export interface ReadEnrollmentSeriesInput {
  /** A day of the time zone, or a moment. Else: 30 days, 12 weeks or 12 months, the current one included. */
  from?: string | undefined
  /** A day of the time zone, which is included, or a moment, which is not. Else: today. */
  to?: string | undefined
  /** Weeks begin on Mondays (ISO 8601). Default: `"day"`. */
  interval?: 'day' | 'week' | 'month' | undefined
  /** Of the IANA. Else: the one of the profile, or UTC. */
  timezone?: string | undefined
}

export interface ReadEnrollmentSeriesResult {
  interval: 'day' | 'week' | 'month'
  timezone: string
  series: {
    /** When the day, week or month begins in the time zone. */
    start: string
    begun: number
    activated: number
    completed: number
    cancelled: number
  }[]
}

export interface ReadRevenueSeriesInput {
  /** A day of the time zone, or a moment. Else: 30 days, 12 weeks or 12 months, the current one included. */
  from?: string | undefined
  /** A day of the time zone, which is included, or a moment, which is not. Else: today. */
  to?: string | undefined
  /** Weeks begin on Mondays (ISO 8601). Default: `"day"`. */
  interval?: 'day' | 'week' | 'month' | undefined
  /** Of the IANA. Else: the one of the profile, or UTC. */
  timezone?: string | undefined
}

export interface ReadRevenueSeriesResult {
  interval: 'day' | 'week' | 'month'
  timezone: string
  series: {
    /** When the day, week or month begins in the time zone. */
    start: string
    /** One for each currency that occurs anywhere in the series. */
    revenue: {
      captured: Money
      refunded: Money
      /** Captured less refunded: below zero where more went back than came. */
      net: Money
      payments: number
    }[]
  }[]
}

export interface ReadEngagementInput {
  /** A day of the time zone, or a moment. Else: 30 days, 12 weeks or 12 months, the current one included. */
  from?: string | undefined
  /** A day of the time zone, which is included, or a moment, which is not. Else: today. */
  to?: string | undefined
  /** Weeks begin on Mondays (ISO 8601). Default: `"day"`. */
  interval?: 'day' | 'week' | 'month' | undefined
  /** Of the IANA. Else: the one of the profile, or UTC. */
  timezone?: string | undefined
}

export interface ReadEngagementResult {
  interval: 'day' | 'week' | 'month'
  timezone: string
  series: {
    /** When the day, week or month begins in the time zone. */
    start: string
    /** Who did something in the course, counted once. */
    activeStudents: number
    /** Of all of them: 15 for each quarter of an hour in which somebody did something. */
    activeMinutes: number
    lessonsCompleted: number
    /** Who completed the course. */
    completions: number
    /** Enrollments that became active. */
    newEnrollments: number
  }[]
}

export interface ReadQuizSeriesInput {
  /** A day of the time zone, or a moment. Else: 30 days, 12 weeks or 12 months, the current one included. */
  from?: string | undefined
  /** A day of the time zone, which is included, or a moment, which is not. Else: today. */
  to?: string | undefined
  /** Weeks begin on Mondays (ISO 8601). Default: `"day"`. */
  interval?: 'day' | 'week' | 'month' | undefined
  /** Of the IANA. Else: the one of the profile, or UTC. */
  timezone?: string | undefined
}

export interface ReadQuizSeriesResult {
  interval: 'day' | 'week' | 'month'
  timezone: string
  series: {
    /** When the day, week or month begins in the time zone. */
    start: string
    /** Those handed in, or ended by their deadline. */
    attempts: number
    /** To a tenth; null where there were no attempts. */
    averageScorePercent: number | null
    /** To a tenth; null where there were no attempts. */
    passRatePercent: number | null
  }[]
  /** Each quiz that the course has, and each that was taken away and has attempts in this time. */
  quizzes: {
    quizId: string
    title: string
    /** Null: the exam. */
    lessonId: string | null
    /** Those handed in, or ended by their deadline. */
    attempts: number
    /** To a tenth; null where there were no attempts. */
    averageScorePercent: number | null
    /** To a tenth; null where there were no attempts. */
    passRatePercent: number | null
    /** Without the intervals in which there were no attempts. */
    series: {
      /** When the day, week or month begins in the time zone. */
      start: string
      /** Those handed in, or ended by their deadline. */
      attempts: number
      /** To a tenth; null where there were no attempts. */
      averageScorePercent: number | null
      /** To a tenth; null where there were no attempts. */
      passRatePercent: number | null
    }[]
  }[]
}

export interface SaveAnswersInput {
  answers: {
    questionId: string
    /** An option’s id (`single`), ids of options (`multiple`), true or false, a number, a text, ids of all items in order, pairs of ids; null takes an answer away. */
    value: string | number | boolean | null | (string | {
      left: string
      right: string
    })[]
    /** Counted up by the client with each answer: an older answer to a question never replaces a newer one, however late it comes. **Left out, the answer counts as the newest, whatever was saved before**: send it always where the network repeats or delays. */
    sequence?: number | undefined
  }[]
}

/** The attempt and all its answers as they are saved now, without its `questions`. */
export interface SaveAnswersResult {
  id: string
  quizId: string
  userId: string
  /** Counts from 1 for each person and quiz. */
  number: number
  status: 'open' | 'submitted' | 'expired'
  startedAt: string
  deadline?: string
  /** Whole, rounded down. */
  scorePercent?: number
  passed?: boolean
  /** Of an expired one: its deadline. */
  submittedAt?: string
  answers: {
    questionId: string
    /** As it was sent. */
    value: unknown
    sequence?: number
  }[]
}

export interface RegisterInput {
  email: string
  /** 8 to 72 bytes in UTF-8. */
  password: string
  name: string
  /** Default: `"student"`. */
  role?: 'student' | 'instructor' | 'parent' | undefined
  /** `web`: the refresh token comes as an HttpOnly cookie; `native`: in the body. Default: `"web"`. */
  client?: 'web' | 'native' | undefined
}

export interface LoginInput {
  email: string
  password: string
  /** `web`: the refresh token comes as an HttpOnly cookie; `native`: in the body. Default: `"web"`. */
  client?: 'web' | 'native' | undefined
}

export interface RefreshInput {
  refreshToken?: string | undefined
}

export interface ListSessionsInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
}

export interface ListSessionsItem {
  id: string
  device: string
  address: string
  current: boolean
  createdAt: string
  lastUsedAt: string
}

export type SyncUserInput = Record<string, never>

export interface SyncUserResult {
  user: User
}

export interface ForgotPasswordInput {
  email: string
}

export interface ForgotPasswordResult {
  detail: string
}

export interface ResetPasswordInput {
  /** The `token` of the link in the mail. */
  token: string
  /** 8 to 72 bytes in UTF-8. */
  password: string
}

export interface VerifyEmailInput {
  /** The `token` of the link in the mail. */
  token: string
}

export interface ClaimAdminInput {
  /** From the link that the first start prints. */
  token: string
  email: string
  name: string
  /** 8 to 72 bytes in UTF-8. */
  password: string
  /** `web`: the refresh token comes as an HttpOnly cookie; `native`: in the body. Default: `"web"`. */
  client?: 'web' | 'native' | undefined
}

export interface ListBlocksInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
}

export interface ListBlocksItem {
  user: Person
  since: string
}

export interface ListCallsInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
}

export interface ListIceServersResult {
  /** As `RTCPeerConnection` takes them. */
  iceServers: {
    urls: string[]
    username?: string
    credential?: string
  }[]
  expiresAt: string
}

export interface ListCategoriesInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
}

export interface CreateCategoryInput {
  name: string
  slug?: string | undefined
  parentId?: string | null | undefined
}

export interface ChangeCategoryInput {
  name?: string | undefined
  slug?: string | undefined
  parentId?: string | null | undefined
}

export interface GenerateCertificateInput {
  courseId: string
}

export interface ListMyCertificatesInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
}

export interface ListCertificatesInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
  userId?: string | undefined
  /** Needed by instructors. */
  courseId?: string | undefined
}

export interface RevokeCertificateInput {
  /** Told to the holder, not to the public. */
  reason?: string | undefined
}

export interface VerifyCertificateResult {
  /** Issued by this school, and not revoked. */
  valid: boolean
  /** As they were called when it was issued. */
  holder: string
  /** The title, as it was then. */
  course: string
  issuedAt: string
  revoked: boolean
  revokedAt?: string
  school: string
  code: string
  /** The same, signed (JWS, Ed25519), for verification without this server: see docs/certificates.md. It does not tell of a revocation. */
  token: string
}

export interface ListConversationsInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
}

export interface ReadChatHistoryInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** Only what was said before this message. */
  before?: number | undefined
  /** Only what was said after this message: what was missed while away. */
  after?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: number | undefined
}

export interface SendMessageInput {
  /** Plain text. White space around it is cut off. */
  text?: string | undefined
  /** A file that you uploaded. With it, `text` is optional. */
  mediaId?: string | undefined
  /** Of your making, another for each message: one that is sent again with it is the same message. */
  clientId: string
}

export interface MarkReadInput {
  /** Without it: all. */
  upTo?: number | undefined
}

export interface MarkReadResult {
  /** The number of a message in its conversation. */
  upTo: number
  unread: number
}

export interface ListChildrenInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
}

export interface ListChildrenItem {
  id: string
  parent: Person
  child: Person
  createdAt: string
}

export interface RedeemGuardianCodeInput {
  code: string
}

export interface ListEnrollmentsOfChildInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
  status?: 'pending' | 'active' | 'completed' | 'cancelled' | undefined
}

export interface ListAttemptsOfChildInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
}

export interface ListAttemptsOfChildItem {
  id: string
  quizId: string
  userId: string
  /** Counts from 1 for each person and quiz. */
  number: number
  status: 'open' | 'submitted' | 'expired'
  startedAt: string
  deadline?: string
  /** Whole, rounded down. */
  scorePercent?: number
  passed?: boolean
  /** Of an expired one: its deadline. */
  submittedAt?: string
}

export interface ListCertificatesOfChildInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
}

export interface ReadChildOverviewResult {
  child: Person
  courses: {
    enrollment: Enrollment
    completedLessons: number
    totalLessons: number
    percent: number
    lastActivityAt?: string
  }[]
  quizScores: {
    quizId: string
    courseId: string
    /** Of a quiz lesson; an exam has none, nor has a quiz whose lesson was removed. */
    lessonId?: string
    title: string
    attempts: number
    bestScorePercent: number
    passed: boolean
    lastAt: string
  }[]
  certificates: Certificate[]
  lastActivityAt?: string
}

export interface ListCouponsInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
  courseId?: string | undefined
  code?: string | undefined
}

export interface CreateCouponInput {
  /** 3 to 40 of letters, digits, - and _; compared without case. */
  code: string
  percentOff?: number | undefined
  amountOff?: {
    amount: number
    currency: string
  } | undefined
  courseId?: string | undefined
  maxRedemptions?: number | undefined
  perUser?: number | undefined
  startsAt?: string | undefined
  endsAt?: string | undefined
}

export interface ChangeCouponInput {
  percentOff?: number | undefined
  amountOff?: {
    amount: number
    currency: string
  } | undefined
  maxRedemptions?: number | null | undefined
  perUser?: number | null | undefined
  startsAt?: string | null | undefined
  endsAt?: string | null | undefined
}

export interface ListCoursesInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
  /** Words of the title, subtitle, tags, lesson titles or description, in any order, accents left out: whole, their beginnings, other English forms of them, or misspelled a little. All of them must be there; of more than eight words the first eight count. */
  q?: string | undefined
  /** Slug or id; what is below it is included. */
  category?: string | undefined
  level?: 'beginner' | 'intermediate' | 'advanced' | undefined
  /** A BCP 47 tag, however it is written. */
  language?: string | undefined
  /** Whatever the case of its letters. Given several times: courses with all of them. */
  tag?: string[] | undefined
  /** The id of a person: the courses that they teach. */
  instructor?: string | undefined
  free?: boolean | undefined
  /** Courses sold in this currency, and the free ones unless `minPrice` is above 0. */
  currency?: string | undefined
  /** In minor units of `currency`, which it needs. */
  minPrice?: number | undefined
  /** In minor units of `currency`, which it needs. */
  maxPrice?: number | undefined
  /** `relevance` (where `q` is given, the default) or `newest` (else); `popular`: by enrollments that were ever active; `rating`: by average, then by number of reviews; `price`: free courses first, then by currency and amount; `price_desc`: the other way round. */
  sort?: 'relevance' | 'newest' | 'popular' | 'rating' | 'price' | 'price_desc' | undefined
}

export interface CreateCourseInput {
  title: string
  subtitle?: string | null | undefined
  description?: string | null | undefined
  categoryId?: string | null | undefined
  level?: 'beginner' | 'intermediate' | 'advanced' | null | undefined
  language?: string | null | undefined
  tags?: string[] | undefined
  /** In minor units; null (or an amount of 0): free. */
  price?: {
    amount: number
    currency: string
  } | null | undefined
  sequential?: boolean | undefined
}

export interface CountCoursesInput {
  /** Words of the title, subtitle, tags, lesson titles or description, in any order, accents left out: whole, their beginnings, other English forms of them, or misspelled a little. All of them must be there; of more than eight words the first eight count. */
  q?: string | undefined
  /** Slug or id; what is below it is included. */
  category?: string | undefined
  level?: 'beginner' | 'intermediate' | 'advanced' | undefined
  /** A BCP 47 tag, however it is written. */
  language?: string | undefined
  /** Whatever the case of its letters. Given several times: courses with all of them. */
  tag?: string[] | undefined
  /** The id of a person: the courses that they teach. */
  instructor?: string | undefined
  free?: boolean | undefined
  /** Courses sold in this currency, and the free ones unless `minPrice` is above 0. */
  currency?: string | undefined
  /** In minor units of `currency`, which it needs. */
  minPrice?: number | undefined
  /** In minor units of `currency`, which it needs. */
  maxPrice?: number | undefined
}

/** Each kind counts with the other filters applied, but not its own. */
export interface CountCoursesResult {
  /** Courses that all filters leave. */
  total: number
  /** A category counts what is below it too. */
  categories: {
    id: string
    name: string
    slug: string
    parentId?: string
    count: number
  }[]
  levels: {
    value: string
    count: number
  }[]
  languages: {
    value: string
    count: number
  }[]
  /** The 30 most frequent. */
  tags: {
    value: string
    count: number
  }[]
  prices: {
    value: 'free' | 'paid'
    count: number
  }[]
}

export interface ListMyCoursesInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
  status?: 'draft' | 'published' | 'archived' | undefined
}

export interface ReadCourseInput {
  /** `html`: beside the Markdown, as it was written, also the HTML of it, safe to show. */
  format?: 'markdown' | 'html' | undefined
}

export interface ReplaceCourseInput {
  title: string
  /** Another address. Those that it had go on leading to the course. */
  slug?: string | undefined
  subtitle?: string | null | undefined
  description?: string | null | undefined
  categoryId?: string | null | undefined
  level?: 'beginner' | 'intermediate' | 'advanced' | null | undefined
  language?: string | null | undefined
  tags?: string[] | undefined
  /** In minor units; null (or an amount of 0): free. */
  price?: {
    amount: number
    currency: string
  } | null | undefined
  sequential?: boolean | undefined
}

export interface ChangeCourseInput {
  title?: string | undefined
  /** Another address. Those that it had go on leading to the course. */
  slug?: string | undefined
  subtitle?: string | null | undefined
  description?: string | null | undefined
  categoryId?: string | null | undefined
  level?: 'beginner' | 'intermediate' | 'advanced' | null | undefined
  language?: string | null | undefined
  tags?: string[] | undefined
  /** In minor units; null (or an amount of 0): free. */
  price?: {
    amount: number
    currency: string
  } | null | undefined
  sequential?: boolean | undefined
}

export interface SetVisibilityInput {
  hidden: boolean
  /** Why it is hidden: its instructors are told. Required to hide it. */
  reason?: string | null | undefined
}

export type AssignInstructorsInput = {
  userId: string
  role: 'lead' | 'assistant'
}[]

export interface SetThumbnailInput {
  /** PNG, JPEG or WebP to 10 MB. */
  file: FileSource
}

export type ReorderOutlineInput = {
  sectionId: string
  lessonIds: string[]
}[]

export interface ReorderOutlineResult {
  sections: {
    id: string
    title: string
    description?: string
    /** Counts from 1. */
    position: number
    lessons: {
      id: string
      title: string
      type: 'video' | 'text' | 'file' | 'quiz'
      /** Counts from 1. */
      position: number
      /** Anybody may see its content. */
      preview: boolean
      durationSeconds?: number
      availableAfterDays?: number
    }[]
  }[]
}

export interface ReadEnrollmentStatusResult {
  /** May use the course: active or completed. */
  enrolled: boolean
  /** Of the last enrollment; null: none. */
  status: 'pending' | 'active' | 'completed' | 'cancelled' | null
  /** Paid for, and not given back: who gave the course up gets it back for nothing. */
  purchased: boolean
}

export interface ListRosterInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
  status?: 'pending' | 'active' | 'completed' | 'cancelled' | undefined
  /** How a word of the name or the e-mail address begins. */
  q?: string | undefined
}

export interface ListRosterItem {
  id: string
  courseId: string
  userId: string
  status: 'pending' | 'active' | 'completed' | 'cancelled'
  createdAt: string
  activatedAt?: string
  completedAt?: string
  cancelledAt?: string
  course: {
    id: string
    slug: string
    title: string
  }
  person: {
    id: string
    name: string
    email: string
  }
  /** What the access rests on: free, purchase, grant, import. */
  sources: string[]
  progress: {
    completedLessons: number
    totalLessons: number
    /** Rounded down; 100 only when complete. */
    percent: number
  }
  /** When a lesson was last begun or completed, or the exam passed. */
  lastActivityAt?: string
}

export interface GrantEnrollmentInput {
  userId?: string | undefined
  email?: string | undefined
}

export type ImportEnrollmentsInput = string

export interface ImportEnrollmentsResult {
  rows: {
    /** Of the file, counted from 1. */
    line: number
    email: string
    outcome: 'enrolled' | 'already_enrolled' | 'unknown_person' | 'invalid'
    message?: string
  }[]
  totals: {
    lines: number
    enrolled: number
    alreadyEnrolled: number
    unknownPerson: number
    invalid: number
  }
}

export interface ListReviewsInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
}

export interface GiveReviewInput {
  stars?: number | undefined
  /** Another name for `stars`. */
  rating?: number | undefined
  text?: string | null | undefined
}

export interface ReadLessonInput {
  /** `html`: beside the Markdown, as it was written, also the HTML of it, safe to show. */
  format?: 'markdown' | 'html' | undefined
}

export interface ReadLessonResult {
  id: string
  sectionId: string
  courseId: string
  title: string
  type: 'video' | 'text' | 'file' | 'quiz'
  /** Counts from 1. */
  position: number
  preview: boolean
  durationSeconds?: number
  availableAfterDays?: number
  /** Markdown; only where the reader may see it. */
  body?: string
  /** Its file; only where the reader may see it. */
  mediaId?: string
  /** With `format=html`. What takes too long to render (no text that is meant to be read) is given as written, in a `pre`. Files of ours that it shows or leads to have addresses that work without a bearer, for as long as the `url` of a Media does. */
  bodyHtml?: string
  state?: 'locked' | 'open' | 'completed'
  /** What completes it: saying so, or passing its quiz. */
  completedBy?: 'mark' | 'quiz'
  completedAt?: string
  positionSeconds?: number
  /** The lesson to complete first. */
  lockedBy?: string
  /** Which rule keeps it locked, and when that may change. */
  lock?: {
    /** `earlier_lesson`: complete `lessonId` first; `exam`: pass its quiz first; `date`: wait until `opensAt`. */
    rule: 'earlier_lesson' | 'exam' | 'date'
    /** The lesson to complete first. */
    lessonId?: string
    /** Not before this moment, whatever is completed. */
    opensAt?: string
  }
  media?: Media
  materials: Material[]
  previousLessonId?: string
  /** The one after it in the course. */
  nextLessonId?: string
}

export interface SaveExamInput {
  title: string
  passPercent: number
  timeLimitSeconds?: number | null | undefined
  maxAttempts?: number | null | undefined
  /** Questions and options in another order for each attempt. Default: `false`. */
  shuffle?: boolean | undefined
  revealAnswers: 'never' | 'after_submit' | 'after_pass' | 'after_last_attempt'
  questions: {
    /** Of a question that the quiz has, to keep it. */
    id?: string | undefined
    type: 'single' | 'multiple' | 'true_false' | 'numeric' | 'short_text' | 'ordering' | 'matching'
    text: string
    points: number
    explanation?: string | null | undefined
    tags?: string[] | undefined
    /** `single`, `multiple`: two or more; exactly one of `single` and at least one of `multiple` is correct. */
    options?: {
      text: string
      correct: boolean
    }[] | undefined
    /** `true_false`: a boolean. `numeric`: a number. */
    answer?: boolean | number | undefined
    /** `numeric`: how far off is still right, this far included; 0 if left out. */
    tolerance?: number | undefined
    /** `short_text`: compared without case, accents kept, outer space trimmed. */
    accepted?: string[] | undefined
    /** `ordering`: two or more, in the right order. */
    items?: string[] | undefined
    /** `matching`: two or more. */
    pairs?: {
      left: string
      right: string
    }[] | undefined
    /** As a draft of the assistant says it; ignored, and gone once the quiz is saved. */
    citation?: string | undefined
  }[]
  draw?: {
    count: number
    tag?: string | undefined
    questionIds?: string[] | undefined
  }[] | undefined
  /** As a draft of the assistant says it; ignored, and gone once the quiz is saved. */
  drafted?: boolean | undefined
  /** As GET says it; ignored. */
  id?: string | undefined
  /** As GET says it; ignored. */
  courseId?: string | undefined
  /** As GET says it; ignored. */
  lessonId?: string | undefined
  /** Ignored: `If-Match` says which version is meant. */
  version?: number | undefined
  /** As GET says it; ignored. */
  createdAt?: string | undefined
  /** As GET says it; ignored. */
  updatedAt?: string | undefined
}

export interface ListQuizzesInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
}

export interface ListQuizzesItem {
  id: string
  courseId: string
  /** Absent: the exam of the course. */
  lessonId?: string
  title: string
  passPercent: number
  /** At most a week. */
  timeLimitSeconds?: number
  maxAttempts?: number
  shuffle: boolean
  revealAnswers: 'never' | 'after_submit' | 'after_pass' | 'after_last_attempt'
  questionCount: number
  viewer: {
    /** Closed ones. */
    attempts: number
    /** Absent: without limit. */
    attemptsLeft?: number
    openAttemptId?: string
    bestScorePercent?: number
    passed: boolean
  }
}

export interface ListQuestionsInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
  tag?: string | undefined
}

export interface ListQuestionsItem {
  id: string
  courseId: string
  type: 'single' | 'multiple' | 'true_false' | 'numeric' | 'short_text' | 'ordering' | 'matching'
  text: string
  points: number
  explanation?: string
  tags: string[]
  options?: {
    text: string
    correct: boolean
  }[]
  answer?: unknown
  tolerance?: number
  accepted?: string[]
  items?: string[]
  pairs?: {
    left: string
    right: string
  }[]
  createdAt: string
  updatedAt: string
}

export interface AddQuestionInput {
  type: 'single' | 'multiple' | 'true_false' | 'numeric' | 'short_text' | 'ordering' | 'matching'
  text: string
  points: number
  explanation?: string | null | undefined
  tags?: string[] | undefined
  /** `single`, `multiple`: two or more; exactly one of `single` and at least one of `multiple` is correct. */
  options?: {
    text: string
    correct: boolean
  }[] | undefined
  /** `true_false`: a boolean. `numeric`: a number. */
  answer?: boolean | number | undefined
  /** `numeric`: how far off is still right, this far included; 0 if left out. */
  tolerance?: number | undefined
  /** `short_text`: compared without case, accents kept, outer space trimmed. */
  accepted?: string[] | undefined
  /** `ordering`: two or more, in the right order. */
  items?: string[] | undefined
  /** `matching`: two or more. */
  pairs?: {
    left: string
    right: string
  }[] | undefined
}

export interface ChangeQuestionInput {
  text?: string | undefined
  points?: number | undefined
  explanation?: string | null | undefined
  tags?: string[] | undefined
  /** `single`, `multiple`: two or more; exactly one of `single` and at least one of `multiple` is correct. */
  options?: {
    text: string
    correct: boolean
  }[] | undefined
  /** `true_false`: a boolean. `numeric`: a number. */
  answer?: boolean | number | undefined
  /** `numeric`: how far off is still right, this far included; 0 if left out. */
  tolerance?: number | undefined
  /** `short_text`: compared without case, accents kept, outer space trimmed. */
  accepted?: string[] | undefined
  /** `ordering`: two or more, in the right order. */
  items?: string[] | undefined
  /** `matching`: two or more. */
  pairs?: {
    left: string
    right: string
  }[] | undefined
  type?: 'single' | 'multiple' | 'true_false' | 'numeric' | 'short_text' | 'ordering' | 'matching' | undefined
}

export interface ReadStudentDashboardResult {
  /** Courses under way. */
  active: number
  /** Courses completed. */
  completed: number
  /** Courses that wait for their payment. */
  pending: number
  /** Those under way, then those completed; each by the last activity. The first 50. */
  courses: {
    enrollmentId: string
    status: 'active' | 'completed'
    course: {
      id: string
      slug: string
      title: string
    }
    progress: {
      completedLessons: number
      totalLessons: number
      /** Rounded down; 100 only when complete. */
      percent: number
    }
    /** There is an exam, and it is not passed. */
    examMissing: boolean
    /** The first lesson that is open. Without: all are completed, or none opens by itself. */
    nextLesson?: {
      id: string
      title: string
      type: 'video' | 'text' | 'file' | 'quiz'
      /** No lesson is open: this one opens first. */
      opensAt?: string
    }
    activatedAt: string
    completedAt?: string
    /** When a lesson was last begun or completed, or the exam passed. */
    lastActivityAt?: string
  }[]
  /** The ten attempts that were handed in last. */
  results: {
    attemptId: string
    quizId: string
    title: string
    /** Of a quiz lesson; an exam has none, nor has a quiz whose lesson was removed. */
    lessonId?: string
    course: {
      id: string
      slug: string
      title: string
    }
    status: 'submitted' | 'expired'
    scorePercent: number
    passed: boolean
    /** Of an expired one: its deadline. */
    submittedAt: string
  }[]
  /** What comes first, first. 20 at most. */
  due: {
    /** An attempt to hand in; a course to pay for. */
    kind: 'attempt' | 'payment'
    attemptId?: string
    quizId?: string
    enrollmentId?: string
    /** Of the quiz. */
    title?: string
    course: {
      id: string
      slug: string
      title: string
    }
    /** Without: it has no limit. */
    dueAt?: string
  }[]
  certificates: {
    total: number
    /** Ten at most, newest first. */
    latest: Certificate[]
  }
  /** When a lesson was last begun or completed, or an attempt handed in. */
  lastActivityAt?: string
  /** Days in a row on which something was learned. */
  streak: {
    /** Up to today or, where today has nothing yet, up to yesterday. */
    current: number
    longest: number
    /** By whose days it is counted: that of the profile, or UTC. */
    timezone: string
  }
}

export interface ReadParentDashboardInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
}

export interface ReadParentDashboardResult {
  children: {
    child: Person
    /** Courses under way. */
    active: number
    /** Courses completed. */
    completed: number
    /** Courses that wait for their payment. */
    pending: number
    /** Those under way, then those completed; each by the last activity. The first 50. */
    courses: {
      enrollmentId: string
      status: 'active' | 'completed'
      course: {
        id: string
        slug: string
        title: string
      }
      progress: {
        completedLessons: number
        totalLessons: number
        /** Rounded down; 100 only when complete. */
        percent: number
      }
      /** There is an exam, and it is not passed. */
      examMissing: boolean
      /** The first lesson that is open. Without: all are completed, or none opens by itself. */
      nextLesson?: {
        id: string
        title: string
        type: 'video' | 'text' | 'file' | 'quiz'
        /** No lesson is open: this one opens first. */
        opensAt?: string
      }
      activatedAt: string
      completedAt?: string
      /** When a lesson was last begun or completed, or the exam passed. */
      lastActivityAt?: string
    }[]
    /** The ten attempts that were handed in last. */
    results: {
      attemptId: string
      quizId: string
      title: string
      /** Of a quiz lesson; an exam has none, nor has a quiz whose lesson was removed. */
      lessonId?: string
      course: {
        id: string
        slug: string
        title: string
      }
      status: 'submitted' | 'expired'
      scorePercent: number
      passed: boolean
      /** Of an expired one: its deadline. */
      submittedAt: string
    }[]
    /** What comes first, first. 20 at most. */
    due: {
      /** An attempt to hand in; a course to pay for. */
      kind: 'attempt' | 'payment'
      attemptId?: string
      quizId?: string
      enrollmentId?: string
      /** Of the quiz. */
      title?: string
      course: {
        id: string
        slug: string
        title: string
      }
      /** Without: it has no limit. */
      dueAt?: string
    }[]
    certificates: {
      total: number
      /** Ten at most, newest first. */
      latest: Certificate[]
    }
    /** When a lesson was last begun or completed, or an attempt handed in. */
    lastActivityAt?: string
  }[]
  /** Give it back as `cursor` for the next page; null at the end. */
  nextCursor: string | null
}

export interface ReadInstructorDashboardInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
}

export interface ReadInstructorDashboardResult {
  courses: {
    total: number
    draft: number
    published: number
    archived: number
  }
  enrollments: {
    total: number
    pending: number
    active: number
    completed: number
    cancelled: number
  }
  /** People who learned in any of the courses, each once. */
  activeStudents: {
    last7Days: number
    last30Days: number
  }
  /** For each currency in which anything was ever paid. */
  revenue: {
    /** What came and stayed, in minor units: what was given back is taken off. */
    amount: number
    currency: string
    /** What was given back. */
    refunded: number
    /** What came this month less what went back: may be below zero. */
    thisMonth: number
  }[]
  /** When this month began, by the time zone of the profile. */
  monthStart: string
  rating: {
    /** Stars, to two places; 0 where nobody has reviewed. */
    average: number
    count: number
  }
  perCourse: {
    course: {
      id: string
      slug: string
      title: string
    }
    status: 'draft' | 'published' | 'archived'
    role: 'lead' | 'assistant'
    enrollments: {
      total: number
      pending: number
      active: number
      completed: number
      cancelled: number
    }
    /** Of those active or completed, how many have completed it. */
    completionPercent: number
    /** Completed lessons of those there are, over all active or completed; the latter count in full. */
    averageProgressPercent: number
    /** In the last 30 days. */
    activeStudents: number
    revenue: Money[]
    rating: {
      /** Stars, to two places; 0 where nobody has reviewed. */
      average: number
      count: number
    }
  }[]
  /** Give it back as `cursor` for the next page; null at the end. */
  nextCursor: string | null
}

export interface ReadAdminDashboardResult {
  /** Who has deleted their account is no user any more. */
  users: {
    total: number
    byRole: {
      student: number
      instructor: number
      parent: number
      admin: number
    }
    byStatus: {
      active: number
      suspended: number
    }
  }
  courses: {
    total: number
    draft: number
    published: number
    archived: number
  }
  enrollments: {
    total: number
    pending: number
    active: number
    completed: number
    cancelled: number
  }
  /** For each currency in which anything was ever paid. */
  revenue: {
    /** What came and stayed, in minor units: what was given back is taken off. */
    amount: number
    currency: string
    /** What was given back. */
    refunded: number
    /** What came this month less what went back: may be below zero. */
    thisMonth: number
  }[]
  /** When this month began, by the time zone of the profile. */
  monthStart: string
  /** Who teaches the courses that were changed last; ten at most, the last change first. */
  instructors: {
    instructor: Person
    courses: {
      total: number
      draft: number
      published: number
      archived: number
    }
    enrollments: {
      total: number
      pending: number
      active: number
      completed: number
      cancelled: number
    }
    /** That became active in the last 30 days. */
    newEnrollments: number
    revenue: Money[]
    /** When a course of theirs was last changed. */
    lastChangeAt: string
  }[]
  /** Without: there was none yet. */
  lastBackupAt?: string
}

export interface EnrollInput {
  courseId: string
}

export interface ListMyEnrollmentsInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
  status?: 'pending' | 'active' | 'completed' | 'cancelled' | undefined
}

export interface RequestFriendInput {
  userId: string
}

export interface RequestFriendResult {
  id: string
  from: string
  to: string
  /** The other one of the two. */
  user: Person
  createdAt: string
  /** Where this made them friends. */
  friend?: ListBlocksItem
}

export interface ListFriendRequestsInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
  /** Default: `"incoming"`. */
  direction?: 'incoming' | 'outgoing' | undefined
}

export interface ListFriendsInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
}

export interface HealthResult {
  status: 'ok'
}

export interface ReadinessInput {
  exclude?: 'cache' | undefined
}

export interface ReadinessResult {
  status: 'ready' | 'not_ready'
  database: 'ok' | 'failed'
  cache: 'ok' | 'failed'
  /** Where there is one. The node is ready without it: the primary reads what it would. */
  replica?: 'ok' | 'behind' | 'away'
}

export interface AddLessonInput {
  sectionId: string
  title: string
  type: 'video' | 'text' | 'file' | 'quiz'
  body?: string | null | undefined
  /** A file that you uploaded: video or audio for a `video` lesson, any for a `file` lesson. */
  mediaId?: string | null | undefined
  /** That of the file, if not given. */
  durationSeconds?: number | null | undefined
  preview?: boolean | undefined
  availableAfterDays?: number | null | undefined
}

export interface ListLessonsInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
}

export interface ChangeLessonInput {
  /** Another section of the same course: to its end. */
  sectionId?: string | undefined
  title?: string | undefined
  type?: 'video' | 'text' | 'file' | 'quiz' | undefined
  body?: string | null | undefined
  /** A file that you uploaded: video or audio for a `video` lesson, any for a `file` lesson. */
  mediaId?: string | null | undefined
  /** That of the file, if not given. */
  durationSeconds?: number | null | undefined
  preview?: boolean | undefined
  availableAfterDays?: number | null | undefined
}

export interface AddMaterialInput {
  mediaId: string
  title?: string | null | undefined
}

export interface SaveQuizInput {
  title: string
  passPercent: number
  timeLimitSeconds?: number | null | undefined
  maxAttempts?: number | null | undefined
  /** Questions and options in another order for each attempt. Default: `false`. */
  shuffle?: boolean | undefined
  revealAnswers: 'never' | 'after_submit' | 'after_pass' | 'after_last_attempt'
  questions: {
    /** Of a question that the quiz has, to keep it. */
    id?: string | undefined
    type: 'single' | 'multiple' | 'true_false' | 'numeric' | 'short_text' | 'ordering' | 'matching'
    text: string
    points: number
    explanation?: string | null | undefined
    tags?: string[] | undefined
    /** `single`, `multiple`: two or more; exactly one of `single` and at least one of `multiple` is correct. */
    options?: {
      text: string
      correct: boolean
    }[] | undefined
    /** `true_false`: a boolean. `numeric`: a number. */
    answer?: boolean | number | undefined
    /** `numeric`: how far off is still right, this far included; 0 if left out. */
    tolerance?: number | undefined
    /** `short_text`: compared without case, accents kept, outer space trimmed. */
    accepted?: string[] | undefined
    /** `ordering`: two or more, in the right order. */
    items?: string[] | undefined
    /** `matching`: two or more. */
    pairs?: {
      left: string
      right: string
    }[] | undefined
    /** As a draft of the assistant says it; ignored, and gone once the quiz is saved. */
    citation?: string | undefined
  }[]
  draw?: {
    count: number
    tag?: string | undefined
    questionIds?: string[] | undefined
  }[] | undefined
  /** As a draft of the assistant says it; ignored, and gone once the quiz is saved. */
  drafted?: boolean | undefined
  /** As GET says it; ignored. */
  id?: string | undefined
  /** As GET says it; ignored. */
  courseId?: string | undefined
  /** As GET says it; ignored. */
  lessonId?: string | undefined
  /** Ignored: `If-Match` says which version is meant. */
  version?: number | undefined
  /** As GET says it; ignored. */
  createdAt?: string | undefined
  /** As GET says it; ignored. */
  updatedAt?: string | undefined
}

export interface ListMediaInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
}

export interface UploadMediaInput {
  /** An image, a video, audio, a PDF or office document, a ZIP archive, plain text. */
  file: FileSource
}

export interface GetMediaInput {
  expires?: number | undefined
  signature?: string | undefined
  /** Of an image: the smallest of its `widths` that is no smaller. */
  width?: number | undefined
}

export interface BeginUploadInput {
  tusResumable?: string | undefined
  /** Of the whole file, in bytes. */
  uploadLength: number
  /** `filename` and `filetype`, in Base64. */
  uploadMetadata?: string | undefined
}

export type ContinueUploadInput = {
  tusResumable?: string | undefined
  uploadOffset: number
  uploadChecksum?: string | undefined
} & { body: FileSource }

export interface EndUploadInput {
  tusResumable?: string | undefined
}

export interface ListNotificationsInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
  /** Only what is not read yet; false: only what is. */
  unread?: boolean | undefined
  kind?: 'enrollment' | 'payment' | 'course_published' | 'lesson_added' | 'certificate' | 'quiz_result' | 'message' | 'friend_request' | 'missed_call' | 'reminder' | 'child' | 'moderation' | 'webhook' | 'security' | undefined
}

export interface CountUnreadNotificationsResult {
  count: number
}

export interface ReadAllNotificationsInput {
  /** The newest one that was seen: newer ones stay unread. */
  upTo?: string | undefined
}

export interface ReadNotificationPreferencesResult {
  /** Mails that are not urgent: `off`, each at once; else gathered into one mail, at 8:00 of the profile’s time zone, every day or on Mondays. */
  digest: 'off' | 'daily' | 'weekly'
  kinds: {
    enrollment: {
      /** In the list, counted, and pushed to connected devices. */
      inApp: boolean
      email: boolean
      /** Cannot be switched off. */
      essential: boolean
    }
    payment: {
      /** In the list, counted, and pushed to connected devices. */
      inApp: boolean
      email: boolean
      /** Cannot be switched off. */
      essential: boolean
    }
    course_published: {
      /** In the list, counted, and pushed to connected devices. */
      inApp: boolean
      email: boolean
      /** Cannot be switched off. */
      essential: boolean
    }
    lesson_added: {
      /** In the list, counted, and pushed to connected devices. */
      inApp: boolean
      email: boolean
      /** Cannot be switched off. */
      essential: boolean
    }
    certificate: {
      /** In the list, counted, and pushed to connected devices. */
      inApp: boolean
      email: boolean
      /** Cannot be switched off. */
      essential: boolean
    }
    quiz_result: {
      /** In the list, counted, and pushed to connected devices. */
      inApp: boolean
      email: boolean
      /** Cannot be switched off. */
      essential: boolean
    }
    message: {
      /** In the list, counted, and pushed to connected devices. */
      inApp: boolean
      email: boolean
      /** Cannot be switched off. */
      essential: boolean
    }
    friend_request: {
      /** In the list, counted, and pushed to connected devices. */
      inApp: boolean
      email: boolean
      /** Cannot be switched off. */
      essential: boolean
    }
    missed_call: {
      /** In the list, counted, and pushed to connected devices. */
      inApp: boolean
      email: boolean
      /** Cannot be switched off. */
      essential: boolean
    }
    reminder: {
      /** In the list, counted, and pushed to connected devices. */
      inApp: boolean
      email: boolean
      /** Cannot be switched off. */
      essential: boolean
    }
    child: {
      /** In the list, counted, and pushed to connected devices. */
      inApp: boolean
      email: boolean
      /** Cannot be switched off. */
      essential: boolean
    }
    moderation: {
      /** In the list, counted, and pushed to connected devices. */
      inApp: boolean
      email: boolean
      /** Cannot be switched off. */
      essential: boolean
    }
    webhook: {
      /** In the list, counted, and pushed to connected devices. */
      inApp: boolean
      email: boolean
      /** Cannot be switched off. */
      essential: boolean
    }
    security: {
      /** In the list, counted, and pushed to connected devices. */
      inApp: boolean
      email: boolean
      /** Cannot be switched off. */
      essential: boolean
    }
  }
}

export interface ChangeNotificationPreferencesInput {
  /** Mails that are not urgent: `off`, each at once; else gathered into one mail, at 8:00 of the profile’s time zone, every day or on Mondays. */
  digest?: 'off' | 'daily' | 'weekly' | undefined
  kinds?: {
    enrollment?: {
      inApp?: boolean | undefined
      email?: boolean | undefined
      /** As it was read, so that all can be given back; it changes nothing. */
      essential?: boolean | undefined
    } | undefined
    payment?: {
      inApp?: boolean | undefined
      email?: boolean | undefined
      /** As it was read, so that all can be given back; it changes nothing. */
      essential?: boolean | undefined
    } | undefined
    course_published?: {
      inApp?: boolean | undefined
      email?: boolean | undefined
      /** As it was read, so that all can be given back; it changes nothing. */
      essential?: boolean | undefined
    } | undefined
    lesson_added?: {
      inApp?: boolean | undefined
      email?: boolean | undefined
      /** As it was read, so that all can be given back; it changes nothing. */
      essential?: boolean | undefined
    } | undefined
    certificate?: {
      inApp?: boolean | undefined
      email?: boolean | undefined
      /** As it was read, so that all can be given back; it changes nothing. */
      essential?: boolean | undefined
    } | undefined
    quiz_result?: {
      inApp?: boolean | undefined
      email?: boolean | undefined
      /** As it was read, so that all can be given back; it changes nothing. */
      essential?: boolean | undefined
    } | undefined
    message?: {
      inApp?: boolean | undefined
      email?: boolean | undefined
      /** As it was read, so that all can be given back; it changes nothing. */
      essential?: boolean | undefined
    } | undefined
    friend_request?: {
      inApp?: boolean | undefined
      email?: boolean | undefined
      /** As it was read, so that all can be given back; it changes nothing. */
      essential?: boolean | undefined
    } | undefined
    missed_call?: {
      inApp?: boolean | undefined
      email?: boolean | undefined
      /** As it was read, so that all can be given back; it changes nothing. */
      essential?: boolean | undefined
    } | undefined
    reminder?: {
      inApp?: boolean | undefined
      email?: boolean | undefined
      /** As it was read, so that all can be given back; it changes nothing. */
      essential?: boolean | undefined
    } | undefined
    child?: {
      inApp?: boolean | undefined
      email?: boolean | undefined
      /** As it was read, so that all can be given back; it changes nothing. */
      essential?: boolean | undefined
    } | undefined
    moderation?: {
      inApp?: boolean | undefined
      email?: boolean | undefined
      /** As it was read, so that all can be given back; it changes nothing. */
      essential?: boolean | undefined
    } | undefined
    webhook?: {
      inApp?: boolean | undefined
      email?: boolean | undefined
      /** As it was read, so that all can be given back; it changes nothing. */
      essential?: boolean | undefined
    } | undefined
    security?: {
      inApp?: boolean | undefined
      email?: boolean | undefined
      /** As it was read, so that all can be given back; it changes nothing. */
      essential?: boolean | undefined
    } | undefined
  } | undefined
}

export interface ListGatewaysResult {
  gateways: {
    name: 'stripe' | 'razorpay' | 'simulator'
    /** What the front end shows the gateway; null where it needs none. */
    publicKey: string | null
  }[]
}

export interface CreatePaymentInput {
  courseId: string
  /** `stripe`, `razorpay` or `simulator`; unset: the preferred one. */
  gateway?: string | undefined
  coupon?: string | undefined
}

export interface CreatePaymentResult {
  payment: {
    id: string
    courseId: string
    enrollmentId: string
    userId: string
    /** `coupon`: nothing was left to pay. */
    gateway: 'stripe' | 'razorpay' | 'simulator' | 'coupon'
    status: 'pending' | 'captured' | 'failed' | 'refunded'
    amount: Money
    /** What a coupon took off. */
    discount?: Money
    refunded: Money
    /** `superseded`, `expired`, `declined`, `amount_mismatch`, or the gateway’s own words. */
    failureReason?: string
    createdAt: string
    capturedAt?: string
  }
  /** Missing where nothing is left to pay. */
  checkout?: {
    type: 'redirect'
    url: string
  } | {
    type: 'razorpay'
    orderId: string
    keyId: string
    amount: number
    currency: string
  }
}

export interface VerifyPaymentInput {
  razorpay_order_id: string
  razorpay_payment_id: string
  razorpay_signature: string
}

export interface VerifyPaymentResult {
  payment: {
    id: string
    courseId: string
    enrollmentId: string
    userId: string
    /** `coupon`: nothing was left to pay. */
    gateway: 'stripe' | 'razorpay' | 'simulator' | 'coupon'
    status: 'pending' | 'captured' | 'failed' | 'refunded'
    amount: Money
    /** What a coupon took off. */
    discount?: Money
    refunded: Money
    /** `superseded`, `expired`, `declined`, `amount_mismatch`, or the gateway’s own words. */
    failureReason?: string
    createdAt: string
    capturedAt?: string
  }
  enrollment: Enrollment
}

export interface RefundPaymentInput {
  /** Unset: all that is left. */
  amount?: {
    amount: number
    currency: string
  } | undefined
  reason?: string | undefined
}

/** The gateway is being told. */
export interface RefundPaymentResult {
  id: string
  amount: Money
  /** The gateway’s own name of the money that goes back. */
  captureReference: string
  /** What that money was: `pays`, access rested on it; otherwise why it paid for nothing. */
  verdict: 'pays' | 'amount_mismatch' | 'captured_twice' | 'paid_twice' | 'student_gone' | 'coupon_exhausted'
  /** `failed`: the gateway refuses, or more was asked for than is left; the money can be asked for again. */
  status: 'requested' | 'done' | 'failed'
  reason?: string
  createdAt: string
  doneAt?: string
  paymentId: string
}

export interface SimulatePaymentInput {
  outcome: 'paid' | 'declined'
  /** The webhook is sent so much later. */
  delaySeconds?: number | undefined
  /** The webhook is sent so many times more. */
  duplicates?: number | undefined
}

export interface SimulatePaymentResult {
  received: true
}

export interface ListMyPaymentsInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
}

export interface ListMyPaymentsItem {
  id: string
  courseId: string
  enrollmentId: string
  userId: string
  /** `coupon`: nothing was left to pay. */
  gateway: 'stripe' | 'razorpay' | 'simulator' | 'coupon'
  status: 'pending' | 'captured' | 'failed' | 'refunded'
  amount: Money
  /** What a coupon took off. */
  discount?: Money
  refunded: Money
  /** `superseded`, `expired`, `declined`, `amount_mismatch`, or the gateway’s own words. */
  failureReason?: string
  createdAt: string
  capturedAt?: string
  course: {
    id: string
    slug: string
    title: string
  }
}

export interface ListPaymentsInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
  status?: 'pending' | 'captured' | 'failed' | 'refunded' | undefined
  /** `coupon`: nothing was left to pay. */
  gateway?: 'stripe' | 'razorpay' | 'simulator' | 'coupon' | undefined
  /** Begun at this moment or later. */
  from?: string | undefined
  /** Begun before this moment. */
  to?: string | undefined
}

export interface ListPaymentsItem {
  id: string
  courseId: string
  enrollmentId: string
  userId: string
  /** `coupon`: nothing was left to pay. */
  gateway: 'stripe' | 'razorpay' | 'simulator' | 'coupon'
  status: 'pending' | 'captured' | 'failed' | 'refunded'
  amount: Money
  /** What a coupon took off. */
  discount?: Money
  refunded: Money
  /** `superseded`, `expired`, `declined`, `amount_mismatch`, or the gateway’s own words. */
  failureReason?: string
  createdAt: string
  capturedAt?: string
  course: {
    id: string
    slug: string
    title: string
  }
  /** Absent where they were deleted. */
  person?: {
    id: string
    name: string
    email: string
  }
}

/** As the gateway sends it, and signs it, byte for byte. The example is of the simulator. */
export type ReceiveWebhookInput = Record<string, never>

/** As the gateway sends it, and signs it, byte for byte. The example is of the simulator. */
export type ReceiveSimulatorWebhookInput = Record<string, never>

export interface ReadPresenceInput {
  userIds: string[]
}

export interface ReadPresenceResult {
  /** Those among the ones asked for whom one may reach. */
  people: {
    userId: string
    online: boolean
    /** When somebody who is offline was last online; null where they are online, or never were. */
    lastSeenAt: string | null
  }[]
}

export interface RecordProgressInput {
  lessonId: string
  /** What is completed stays so. Meant where no position is given. */
  completed?: true | undefined
  positionSeconds?: number | undefined
}

export interface RecordProgressResult {
  lesson: {
    lessonId: string
    state: 'locked' | 'open' | 'completed'
    /** What completes it: saying so, or passing its quiz. */
    completedBy: 'mark' | 'quiz'
    completedAt?: string
    positionSeconds?: number
    /** The lesson to complete first. */
    lockedBy?: string
    /** Which rule keeps it locked, and when that may change. */
    lock?: {
      /** `earlier_lesson`: complete `lessonId` first; `exam`: pass its quiz first; `date`: wait until `opensAt`. */
      rule: 'earlier_lesson' | 'exam' | 'date'
      /** The lesson to complete first. */
      lessonId?: string
      /** Not before this moment, whatever is completed. */
      opensAt?: string
    }
  }
  course: {
    courseId: string
    completedLessons: number
    totalLessons: number
    /** Of the lessons, rounded down: 100 only when all is done, the exam too. */
    percent: number
  }
  /** The first lesson that is open. */
  nextLessonId?: string
  /** Where the course has one. In a sequential course it is the last step. */
  exam?: {
    quizId: string
    state: 'locked' | 'open' | 'passed'
    passedAt?: string
    /** The lesson to complete first. */
    lockedBy?: string
    /** Which rule keeps it locked, and when that may change. */
    lock?: {
      /** `earlier_lesson`: complete `lessonId` first; `exam`: pass its quiz first; `date`: wait until `opensAt`. */
      rule: 'earlier_lesson' | 'exam' | 'date'
      /** The lesson to complete first. */
      lessonId?: string
      /** Not before this moment, whatever is completed. */
      opensAt?: string
    }
  }
}

export interface ListAttemptsInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
  userId?: string | undefined
}

export interface GrantAttemptsInput {
  userId: string
  /** Default: `1`. */
  count?: number | undefined
}

export interface GrantAttemptsResult {
  quizId: string
  userId: string
  /** In all: above `maxAttempts`, whichever that is. */
  extraAttempts: number
}

export interface AddSectionInput {
  courseId: string
  title: string
  description?: string | null | undefined
}

export interface ListSectionsInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
}

export interface ChangeSectionInput {
  title?: string | undefined
  description?: string | null | undefined
}

export interface ChangePasswordInput {
  currentPassword: string
  /** 8 to 72 bytes in UTF-8. */
  newPassword: string
}

export interface UpdateMeInput {
  name?: string | undefined
  /** null clears it. */
  headline?: unknown | undefined
  /** null clears it. */
  bio?: unknown | undefined
  /** null clears it. */
  locale?: unknown | undefined
  /** null clears it. */
  timezone?: unknown | undefined
}

export interface DeleteMeInput {
  /** Needed unless one signs in by an outside identity provider only. */
  password?: string | undefined
}

export interface SetAvatarInput {
  /** PNG, JPEG or WebP to 5 MB. */
  file: FileSource
}

export interface ListUsersInput {
  /** Words of the name or e-mail address, or their beginnings; small mistakes are forgiven. */
  q?: string | undefined
  role?: 'student' | 'instructor' | 'parent' | 'admin' | undefined
  status?: 'active' | 'suspended' | undefined
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
}

export interface CreateUserInput {
  email: string
  name: string
  role: 'student' | 'instructor' | 'parent' | 'admin'
  /** 8 to 72 bytes in UTF-8. */
  password?: string | undefined
}

export interface UpdateUserInput {
  name?: string | undefined
  role?: 'student' | 'instructor' | 'parent' | 'admin' | undefined
  status?: 'active' | 'suspended' | undefined
}

export interface MakeGuardianCodeResult {
  code: string
  expiresAt: string
}

export interface ListGuardiansInput {
  /** Default: `20`. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
}

export interface AssignChildInput {
  childId: string
}

/** Beside the time, a member per part of the program. */
export interface ExportMeResult {
  exportedAt: string
}
