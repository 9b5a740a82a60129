// Generated from openapi.json and asyncapi.json by test/generate.ts: npm run generate.
import type { Call, CallOptions, Page } from '../call.ts'
import type { ClientCode } from '../errors.ts'
import type { CommonServerCode } from './codes.ts'
import type {
  AddLessonInput,
  AddMaterialInput,
  AddQuestionInput,
  AddSectionInput,
  AssignChildInput,
  AssignInstructorsInput,
  Attempt,
  BeginUploadInput,
  CallRecord,
  Category,
  Certificate,
  ChangeCategoryInput,
  ChangeCouponInput,
  ChangeCourseInput,
  ChangeLessonInput,
  ChangeNotificationPreferencesInput,
  ChangePasswordInput,
  ChangeQuestionInput,
  ChangeSectionInput,
  ChangeWebhookInput,
  ClaimAdminInput,
  ContinueUploadInput,
  Conversation,
  CountCoursesInput,
  CountCoursesResult,
  CountUnreadNotificationsResult,
  Coupon,
  Course,
  CourseCard,
  CreateCategoryInput,
  CreateCouponInput,
  CreateCourseInput,
  CreatePaymentInput,
  CreatePaymentResult,
  CreateUserInput,
  CreateWebhookInput,
  CreateWebhookResult,
  DeleteMeInput,
  DraftQuizInput,
  DraftQuizResult,
  EndUploadInput,
  EnrollInput,
  Enrollment,
  ExportMeResult,
  ForgotPasswordInput,
  ForgotPasswordResult,
  GenerateCertificateInput,
  GetMediaInput,
  GiveFeedbackInput,
  GiveFeedbackResult,
  GiveReviewInput,
  GrantAttemptsInput,
  GrantAttemptsResult,
  GrantEnrollmentInput,
  HealthResult,
  ImportEnrollmentsInput,
  ImportEnrollmentsResult,
  LessonCard,
  ListAttemptsInput,
  ListAttemptsOfChildInput,
  ListAttemptsOfChildItem,
  ListAuditInput,
  ListAuditItem,
  ListBackupsInput,
  ListBackupsItem,
  ListBlocksInput,
  ListBlocksItem,
  ListCallsInput,
  ListCategoriesInput,
  ListCertificatesInput,
  ListCertificatesOfChildInput,
  ListChildrenInput,
  ListChildrenItem,
  ListConversationsInput,
  ListCouponsInput,
  ListCoursesInput,
  ListDeadLettersInput,
  ListDeadLettersItem,
  ListEnrollmentsOfChildInput,
  ListFriendRequestsInput,
  ListFriendsInput,
  ListGatewaysResult,
  ListGuardiansInput,
  ListIceServersResult,
  ListJobsInput,
  ListJobsItem,
  ListLessonsInput,
  ListMediaInput,
  ListMyCertificatesInput,
  ListMyCoursesInput,
  ListMyEnrollmentsInput,
  ListMyPaymentsInput,
  ListMyPaymentsItem,
  ListNotificationsInput,
  ListPaymentsInput,
  ListPaymentsItem,
  ListQuestionsInput,
  ListQuestionsItem,
  ListQuizzesInput,
  ListQuizzesItem,
  ListReviewsInput,
  ListRosterInput,
  ListRosterItem,
  ListSectionsInput,
  ListSessionsInput,
  ListSessionsItem,
  ListUsersInput,
  ListWebhookDeliveriesInput,
  ListWebhookDeliveriesItem,
  ListWebhooksInput,
  ListWebhooksItem,
  LoginInput,
  MakeBackupResult,
  MakeGuardianCodeResult,
  MarkReadInput,
  MarkReadResult,
  Material,
  Media,
  Message,
  Notification,
  Outline,
  Payment,
  Profile,
  Progress,
  Quiz,
  ReadAdminDashboardResult,
  ReadAllNotificationsInput,
  ReadChatHistoryInput,
  ReadChildOverviewResult,
  ReadCourseInput,
  ReadEngagementInput,
  ReadEngagementResult,
  ReadEnrollmentSeriesInput,
  ReadEnrollmentSeriesResult,
  ReadEnrollmentStatusResult,
  ReadInstructorDashboardInput,
  ReadInstructorDashboardResult,
  ReadLessonInput,
  ReadLessonResult,
  ReadNotificationPreferencesResult,
  ReadParentDashboardInput,
  ReadParentDashboardResult,
  ReadPresenceInput,
  ReadPresenceResult,
  ReadQuizSeriesInput,
  ReadQuizSeriesResult,
  ReadRevenueSeriesInput,
  ReadRevenueSeriesResult,
  ReadStudentDashboardResult,
  ReadUserActivityInput,
  ReadUserActivityResult,
  ReadinessInput,
  ReadinessResult,
  ReceiveSimulatorWebhookInput,
  ReceiveWebhookInput,
  RecordProgressInput,
  RecordProgressResult,
  RedeemGuardianCodeInput,
  RefreshInput,
  RefundPaymentInput,
  RefundPaymentResult,
  RegisterInput,
  ReorderOutlineInput,
  ReorderOutlineResult,
  ReplaceCourseInput,
  ReplayFailedWebhookDeliveriesInput,
  ReplayFailedWebhookDeliveriesResult,
  RequestFriendInput,
  RequestFriendResult,
  ResetPasswordInput,
  Review,
  RevokeCertificateInput,
  RotateWebhookSecretInput,
  SaveAnswersInput,
  SaveAnswersResult,
  SaveExamInput,
  SaveQuizInput,
  Section,
  SendMessageInput,
  SetAvatarInput,
  SetThumbnailInput,
  SetVisibilityInput,
  SignedIn,
  SimulatePaymentInput,
  SimulatePaymentResult,
  SummarizeLessonInput,
  SummarizeLessonResult,
  SyncUserInput,
  SyncUserResult,
  UpdateMeInput,
  UpdateUserInput,
  UploadMediaInput,
  User,
  VerifyCertificateResult,
  VerifyEmailInput,
  VerifyPaymentInput,
  VerifyPaymentResult,
} from './shapes.ts'

/** What a request may end with, whichever it is. */
export type CommonCode = ClientCode | CommonServerCode

/** `client.admin` */
export interface AdminApi {
  /**
   * Who is told of what, newest first.
   *
   * `GET /api/admin/webhooks` (admin)
   */
  listWebhooks(input?: ListWebhooksInput, options?: CallOptions): Call<Page<ListWebhooksItem>, 'forbidden' | CommonCode>
  /** All of `listWebhooks`, page after page, as they are asked for. */
  iterateWebhooks(input?: ListWebhooksInput, options?: CallOptions): AsyncIterableIterator<ListWebhooksItem>
  /**
   * Have another program told of events.
   *
   * Messages are signed as Standard Webhooks says. `docs/webhooks.md` shows how to verify them; *webhooks* in this reference, what they hold.
   *
   * `POST /api/admin/webhooks` (admin)
   */
  createWebhook(input: CreateWebhookInput, options?: CallOptions): Call<CreateWebhookResult, 'forbidden' | 'webhook_limit' | CommonCode>
  /**
   * One webhook, and how it is.
   *
   * `GET /api/admin/webhooks/{id}` (admin)
   */
  getWebhook(id: string, options?: CallOptions): Call<ListWebhooksItem, 'forbidden' | 'not_found' | CommonCode>
  /**
   * Change what goes where, disable or enable it.
   *
   * `PATCH /api/admin/webhooks/{id}` (admin)
   */
  changeWebhook(id: string, input: ChangeWebhookInput, options?: CallOptions): Call<ListWebhooksItem, 'forbidden' | 'not_found' | CommonCode>
  /**
   * Delete a webhook, its log and what waits to be sent.
   *
   * `DELETE /api/admin/webhooks/{id}` (admin)
   */
  deleteWebhook(id: string, options?: CallOptions): Call<void, 'forbidden' | 'not_found' | CommonCode>
  /**
   * Another secret; for 24 hours the one before signs beside it.
   *
   * Twice in a row puts an end to a secret at once: only the last two sign.
   *
   * `POST /api/admin/webhooks/{id}/rotate-secret` (admin)
   */
  rotateWebhookSecret(id: string, input?: RotateWebhookSecretInput, options?: CallOptions): Call<CreateWebhookResult, 'forbidden' | 'not_found' | CommonCode>
  /**
   * What was sent and what became of it, newest first; kept for 30 days.
   *
   * `GET /api/admin/webhooks/{id}/deliveries` (admin)
   */
  listWebhookDeliveries(id: string, input?: ListWebhookDeliveriesInput, options?: CallOptions): Call<Page<ListWebhookDeliveriesItem>, 'forbidden' | 'not_found' | CommonCode>
  /** All of `listWebhookDeliveries`, page after page, as they are asked for. */
  iterateWebhookDeliveries(id: string, input?: ListWebhookDeliveriesInput, options?: CallOptions): AsyncIterableIterator<ListWebhookDeliveriesItem>
  /**
   * One delivery with its attempts.
   *
   * `GET /api/admin/webhooks/{id}/deliveries/{deliveryId}` (admin)
   */
  getWebhookDelivery(id: string, deliveryId: string, options?: CallOptions): Call<ListWebhookDeliveriesItem, 'forbidden' | 'not_found' | CommonCode>
  /**
   * Send a delivery again, whatever became of it, under the same id.
   *
   * `POST /api/admin/webhooks/{id}/deliveries/{deliveryId}/replay` (admin)
   */
  replayWebhookDelivery(id: string, deliveryId: string, options?: CallOptions): Call<ListWebhookDeliveriesItem, 'forbidden' | 'not_found' | 'webhook_disabled' | CommonCode>
  /**
   * Send again all that failed since a moment.
   *
   * `POST /api/admin/webhooks/{id}/replay` (admin)
   */
  replayFailedWebhookDeliveries(id: string, input: ReplayFailedWebhookDeliveriesInput, options?: CallOptions): Call<ReplayFailedWebhookDeliveriesResult, 'forbidden' | 'not_found' | 'webhook_disabled' | CommonCode>
  /**
   * Send a message of the type `webhook.test`; the log shows what became of it.
   *
   * `POST /api/admin/webhooks/{id}/test` (admin)
   */
  testWebhook(id: string, options?: CallOptions): Call<ListWebhookDeliveriesItem, 'forbidden' | 'not_found' | 'webhook_disabled' | CommonCode>
  /**
   * Jobs whose attempts are used up.
   *
   * `GET /api/admin/jobs/dead` (admin)
   */
  listDeadLetters(input?: ListDeadLettersInput, options?: CallOptions): Call<Page<ListDeadLettersItem>, 'forbidden' | CommonCode>
  /** All of `listDeadLetters`, page after page, as they are asked for. */
  iterateDeadLetters(input?: ListDeadLettersInput, options?: CallOptions): AsyncIterableIterator<ListDeadLettersItem>
  /**
   * Give a dead letter its attempts back and run it now.
   *
   * `POST /api/admin/jobs/dead/{id}/retry` (admin)
   */
  retryDeadLetter(id: string, options?: CallOptions): Call<void, 'forbidden' | 'not_found' | CommonCode>
  /**
   * Every administrative act and every change of money or role, newest first.
   *
   * Who did what, when, about whom or what, by which request. `Accept: text/csv` gives all that the filter lets through, as one streamed file without pages.
   *
   * `GET /api/admin/audit` (admin)
   */
  listAudit(input?: ListAuditInput, options?: CallOptions): Call<Page<ListAuditItem>, 'forbidden' | CommonCode>
  /** All of `listAudit`, page after page, as they are asked for. */
  iterateAudit(input?: ListAuditInput, options?: CallOptions): AsyncIterableIterator<ListAuditItem>
  /** What `listAudit` answers, as CSV. */
  listAuditCsv(input?: ListAuditInput, options?: CallOptions): Call<string, 'forbidden' | CommonCode>
  /**
   * The backups that are kept, newest first.
   *
   * `GET /api/admin/backups` (admin)
   */
  listBackups(input?: ListBackupsInput, options?: CallOptions): Call<Page<ListBackupsItem>, 'forbidden' | 'store_failed' | 'backup_not_configured' | CommonCode>
  /** All of `listBackups`, page after page, as they are asked for. */
  iterateBackups(input?: ListBackupsInput, options?: CallOptions): AsyncIterableIterator<ListBackupsItem>
  /**
   * Make a backup now.
   *
   * It is made in the background, and is in the list once it is whole and was read back.
   *
   * `POST /api/admin/backups` (admin)
   */
  makeBackup(options?: CallOptions): Call<MakeBackupResult, 'forbidden' | 'backup_running' | 'backup_not_configured' | CommonCode>
  /**
   * The kinds of background work: schedules first, then what is queued as things happen.
   *
   * `GET /api/admin/jobs` (admin)
   */
  listJobs(input?: ListJobsInput, options?: CallOptions): Call<Page<ListJobsItem>, 'forbidden' | CommonCode>
  /** All of `listJobs`, page after page, as they are asked for. */
  iterateJobs(input?: ListJobsInput, options?: CallOptions): AsyncIterableIterator<ListJobsItem>
  /**
   * Run a scheduled job now.
   *
   * It runs in the background, once, beside its schedule: a run that waits already is the one. What is no schedule wants to know of what it is, and cannot be run so.
   *
   * `POST /api/admin/jobs/{name}/run` (admin)
   */
  runJob(name: string, options?: CallOptions): Call<MakeBackupResult, 'forbidden' | 'not_found' | 'job_running' | 'backup_not_configured' | CommonCode>
}

/** `client.ai` */
export interface AiApi {
  /**
   * What a lesson says, in short.
   *
   * With `Accept: text/event-stream` as it is written: events `delta` with `{ text }`; `restart`, where what came so far is void; at the end `done` with the whole answer, or `error` with a problem document.
   *
   * `POST /api/ai/summarize` (enrolled, owner; anyone if preview)
   */
  summarizeLesson(input: SummarizeLessonInput, options?: CallOptions): Call<SummarizeLessonResult, 'forbidden' | 'not_found' | 'lesson_without_text' | 'lesson_too_long' | 'ai_failed' | 'ai_not_configured' | CommonCode>
  /**
   * A draft of a quiz about a lesson, each question with the passage it comes from.
   *
   * It is not saved. Look through it, change it, and send it as it is to `PUT /lessons/:id/quiz` (of a lesson of the type quiz) or `PUT /courses/:id/exam`; `drafted` and the citations are not kept. It may have fewer questions than were asked for.
   *
   * `POST /api/ai/quiz` (owner)
   */
  draftQuiz(input: DraftQuizInput, options?: CallOptions): Call<DraftQuizResult, 'forbidden' | 'not_found' | 'lesson_without_text' | 'lesson_too_long' | 'ai_failed' | 'ai_not_configured' | CommonCode>
  /**
   * Feedback on the progress of a student in a course, and the figures it rests on.
   *
   * The model is given the figures and the titles; it is not told whose they are.
   *
   * `POST /api/ai/feedback` (its student, owner, parent)
   */
  giveFeedback(input: GiveFeedbackInput, options?: CallOptions): Call<GiveFeedbackResult, 'not_enrolled' | 'forbidden' | 'not_found' | 'ai_failed' | 'ai_not_configured' | CommonCode>
}

/** `client.analytics` */
export interface AnalyticsApi {
  /**
   * How many people were active, and how many came.
   *
   * Each day, week or month of the time zone has its point. With `Accept: text/csv` as CSV.
   *
   * `GET /api/analytics/user-activity` (admin)
   */
  getUserActivity(input?: ReadUserActivityInput, options?: CallOptions): Call<ReadUserActivityResult, 'forbidden' | CommonCode>
  /** What `getUserActivity` answers, as CSV. */
  getUserActivityCsv(input?: ReadUserActivityInput, options?: CallOptions): Call<string, 'forbidden' | CommonCode>
  /**
   * How many enrollments were begun, activated, completed and cancelled.
   *
   * Each day, week or month of the time zone has its point. With `Accept: text/csv` as CSV.
   *
   * `GET /api/analytics/enrollments` (admin)
   */
  getEnrollmentSeries(input?: ReadEnrollmentSeriesInput, options?: CallOptions): Call<ReadEnrollmentSeriesResult, 'forbidden' | CommonCode>
  /** What `getEnrollmentSeries` answers, as CSV. */
  getEnrollmentSeriesCsv(input?: ReadEnrollmentSeriesInput, options?: CallOptions): Call<string, 'forbidden' | CommonCode>
  /**
   * What came in each currency, and what went back of it.
   *
   * Each day, week or month of the time zone has its point. With `Accept: text/csv` as CSV.
   *
   * `GET /api/analytics/revenue` (admin)
   */
  getRevenueSeries(input?: ReadRevenueSeriesInput, options?: CallOptions): Call<ReadRevenueSeriesResult, 'forbidden' | CommonCode>
  /** What `getRevenueSeries` answers, as CSV. */
  getRevenueSeriesCsv(input?: ReadRevenueSeriesInput, options?: CallOptions): Call<string, 'forbidden' | CommonCode>
  /**
   * Who is active in a course, and what they complete.
   *
   * Each day, week or month of the time zone has its point. With `Accept: text/csv` as CSV.
   *
   * `GET /api/analytics/courses/{id}/engagement` (owner)
   */
  getEngagement(id: string, input?: ReadEngagementInput, options?: CallOptions): Call<ReadEngagementResult, 'forbidden' | 'not_found' | CommonCode>
  /** What `getEngagement` answers, as CSV. */
  getEngagementCsv(id: string, input?: ReadEngagementInput, options?: CallOptions): Call<string, 'forbidden' | 'not_found' | CommonCode>
  /**
   * How attempts at the quizzes of a course go, in all and for each quiz.
   *
   * Each day, week or month of the time zone has its point. With `Accept: text/csv` as CSV.
   *
   * `GET /api/analytics/courses/{id}/quizzes` (owner)
   */
  getQuizSeries(id: string, input?: ReadQuizSeriesInput, options?: CallOptions): Call<ReadQuizSeriesResult, 'forbidden' | 'not_found' | CommonCode>
  /** What `getQuizSeries` answers, as CSV. */
  getQuizSeriesCsv(id: string, input?: ReadQuizSeriesInput, options?: CallOptions): Call<string, 'forbidden' | 'not_found' | CommonCode>
}

/** `client.attempts` */
export interface AttemptsApi {
  /**
   * One attempt; what was right as the quiz reveals it.
   *
   * `GET /api/attempts/{id}` (its student, owner, parent)
   */
  get(id: string, options?: CallOptions): Call<Attempt, 'forbidden' | 'not_found' | CommonCode>
  /**
   * Save answers as one goes; those that are not sent stay.
   *
   * May be sent again, late and out of order **with `sequence`**: then an older answer never replaces a newer one. **An answer without `sequence` counts as the newest, whenever it arrives**, so that a late repetition of it undoes what was answered since. Five seconds after the deadline nothing is taken any more. The questions are not in what comes back: they do not change.
   *
   * `PUT /api/attempts/{id}/answers` (its student)
   */
  saveAnswers(id: string, input: SaveAnswersInput, options?: CallOptions): Call<SaveAnswersResult, 'not_enrolled' | 'forbidden' | 'not_found' | 'attempt_closed' | 'deadline_passed' | CommonCode>
  /**
   * Hand an attempt in: what was saved is graded. Asked again, the same.
   *
   * `POST /api/attempts/{id}/submit` (its student)
   */
  submit(id: string, options?: CallOptions): Call<Attempt, 'not_enrolled' | 'forbidden' | 'not_found' | CommonCode>
}

/** `client.auth` */
export interface AuthApi {
  /**
   * Make an account and sign in.
   *
   * `POST /api/auth/register` (public)
   */
  register(input: RegisterInput, options?: CallOptions): Call<SignedIn, 'forbidden' | 'email_taken' | CommonCode>
  /**
   * Sign in with e-mail address and password.
   *
   * `POST /api/auth/login` (public)
   */
  login(input: LoginInput, options?: CallOptions): Call<SignedIn, 'invalid_credentials' | 'account_suspended' | CommonCode>
  /**
   * Renew the access token, by cookie or body.
   *
   * `POST /api/auth/refresh` (public)
   */
  refresh(input?: RefreshInput, options?: CallOptions): Call<SignedIn, 'refresh_token_reused' | CommonCode>
  /**
   * End this session.
   *
   * `POST /api/auth/logout` (any)
   */
  logout(options?: CallOptions): Call<void, 'forbidden' | CommonCode>
  /**
   * End all own sessions, on every device.
   *
   * `POST /api/auth/logout-all` (any)
   */
  logoutAll(options?: CallOptions): Call<void, 'forbidden' | CommonCode>
  /**
   * Own open sessions: device, address, last used.
   *
   * `GET /api/auth/sessions` (any)
   */
  listSessions(input?: ListSessionsInput, options?: CallOptions): Call<Page<ListSessionsItem>, 'forbidden' | CommonCode>
  /** All of `listSessions`, page after page, as they are asked for. */
  iterateSessions(input?: ListSessionsInput, options?: CallOptions): AsyncIterableIterator<ListSessionsItem>
  /**
   * End one of the own sessions.
   *
   * `DELETE /api/auth/sessions/{id}` (self)
   */
  endSession(id: string, options?: CallOptions): Call<void, 'forbidden' | 'not_found' | CommonCode>
  /**
   * Make or link the user of an outside identity provider's bearer.
   *
   * Send the bearer of Clerk or another OpenID Connect issuer after signing in there. Every other route accepts it, too.
   *
   * `POST /api/auth/sync-user` (bearer)
   */
  syncUser(input?: SyncUserInput, options?: CallOptions): Call<SyncUserResult, 'identity_incomplete' | 'account_suspended' | 'email_taken' | 'identity_provider_not_configured' | CommonCode>
  /**
   * Ask for a link to set a new password.
   *
   * Always the same answer, whether there is such an account or not. One mail a minute at most. The link works once, for an hour.
   *
   * `POST /api/auth/password/forgot` (public)
   */
  forgotPassword(input: ForgotPasswordInput, options?: CallOptions): Call<ForgotPasswordResult, CommonCode>
  /**
   * Set a new password by the link from the mail; ends all sessions.
   *
   * `POST /api/auth/password/reset` (public)
   */
  resetPassword(input: ResetPasswordInput, options?: CallOptions): Call<void, 'link_invalid' | CommonCode>
  /**
   * Prove an e-mail address by the link that was mailed to it.
   *
   * `POST /api/auth/email/verify` (public)
   */
  verifyEmail(input: VerifyEmailInput, options?: CallOptions): Call<void, 'link_invalid' | CommonCode>
  /**
   * Have the link that verifies the own e-mail address mailed again, once a minute at most.
   *
   * `POST /api/auth/email/resend` (any)
   */
  resendVerification(options?: CallOptions): Call<ForgotPasswordResult, 'forbidden' | CommonCode>
  /**
   * Become the first admin, by the link that the first start printed.
   *
   * `POST /api/auth/claim` (public)
   */
  claimAdmin(input: ClaimAdminInput, options?: CallOptions): Call<SignedIn, 'link_invalid' | CommonCode>
}

/** `client.blocks` */
export interface BlocksApi {
  /**
   * Whom one has blocked, the last first.
   *
   * `GET /api/blocks` (any)
   */
  list(input?: ListBlocksInput, options?: CallOptions): Call<Page<ListBlocksItem>, 'forbidden' | CommonCode>
  /** All of `list`, page after page, as they are asked for. */
  iterate(input?: ListBlocksInput, options?: CallOptions): AsyncIterableIterator<ListBlocksItem>
  /**
   * Hear nothing of somebody any more; ends friendship, chat, presence and calls at once.
   *
   * `POST /api/blocks/{userId}` (any)
   */
  create(userId: string, options?: CallOptions): Call<ListBlocksItem, 'forbidden' | 'not_found' | CommonCode>
  /**
   * Take back a block; the friendship that it ended is not made anew.
   *
   * `DELETE /api/blocks/{userId}` (self)
   */
  delete(userId: string, options?: CallOptions): Call<void, 'forbidden' | 'not_found' | CommonCode>
}

/** `client.calls` */
export interface CallsApi {
  /**
   * Own calls, newest first, with the one that rings or goes on.
   *
   * `GET /api/calls` (any)
   */
  list(input?: ListCallsInput, options?: CallOptions): Call<Page<CallRecord>, 'forbidden' | CommonCode>
  /** All of `list`, page after page, as they are asked for. */
  iterate(input?: ListCallsInput, options?: CallOptions): AsyncIterableIterator<CallRecord>
  /**
   * STUN and TURN servers for a call, with credentials that expire.
   *
   * `GET /api/calls/ice-servers` (any)
   */
  listIceServers(options?: CallOptions): Call<ListIceServersResult, 'forbidden' | CommonCode>
}

/** `client.categories` */
export interface CategoriesApi {
  /**
   * The tree of categories, as a list by name.
   *
   * `GET /api/categories` (public)
   */
  list(input?: ListCategoriesInput, options?: CallOptions): Call<Page<Category>, CommonCode>
  /** All of `list`, page after page, as they are asked for. */
  iterate(input?: ListCategoriesInput, options?: CallOptions): AsyncIterableIterator<Category>
  /**
   * Make a category.
   *
   * `POST /api/categories` (admin)
   */
  create(input: CreateCategoryInput, options?: CallOptions): Call<Category, 'forbidden' | 'slug_taken' | CommonCode>
  /**
   * Rename a category, or move it with `parentId` (null: to the top).
   *
   * `PATCH /api/categories/{id}` (admin)
   */
  update(id: string, input: ChangeCategoryInput, options?: CallOptions): Call<Category, 'forbidden' | 'not_found' | 'slug_taken' | 'category_cycle' | CommonCode>
  /**
   * Delete a category that nothing is in.
   *
   * `DELETE /api/categories/{id}` (admin)
   */
  delete(id: string, options?: CallOptions): Call<void, 'forbidden' | 'not_found' | 'category_in_use' | CommonCode>
}

/** `client.certificates` */
export interface CertificatesApi {
  /**
   * The certificate of a completed course.
   *
   * It is issued by itself on completion; this is for those who do not want to wait for it.
   *
   * `POST /api/certificates/generate` (enrolled)
   */
  generate(input: GenerateCertificateInput, options?: CallOptions): Call<Certificate, 'not_enrolled' | 'forbidden' | 'not_found' | 'course_incomplete' | CommonCode>
  /**
   * Own certificates, newest first; revoked ones, too.
   *
   * `GET /api/certificates/my` (any)
   */
  listMine(input?: ListMyCertificatesInput, options?: CallOptions): Call<Page<Certificate>, 'forbidden' | CommonCode>
  /** All of `listMine`, page after page, as they are asked for. */
  iterateMine(input?: ListMyCertificatesInput, options?: CallOptions): AsyncIterableIterator<Certificate>
  /**
   * The certificates of a course, newest first; for admins also those of a person, or all.
   *
   * `GET /api/certificates` (owner)
   */
  list(input?: ListCertificatesInput, options?: CallOptions): Call<Page<Certificate>, 'forbidden' | 'not_found' | CommonCode>
  /** All of `list`, page after page, as they are asked for. */
  iterate(input?: ListCertificatesInput, options?: CallOptions): AsyncIterableIterator<Certificate>
  /**
   * Take a certificate back, for good.
   *
   * Revoked again it stays as it is.
   *
   * `POST /api/certificates/{id}/revoke` (admin)
   */
  revoke(id: string, input?: RevokeCertificateInput, options?: CallOptions): Call<Certificate, 'forbidden' | 'not_found' | CommonCode>
  /**
   * A certificate as PDF, with a QR code that leads to the public page and proves itself.
   *
   * `GET /api/certificates/{id}/download` (its student, owner, parent)
   */
  download(id: string, options?: CallOptions): Call<Blob, 'forbidden' | 'not_found' | 'certificate_revoked' | CommonCode>
  /**
   * Whether a certificate is one of this school, and still valid.
   *
   * Small letters, missing dashes, O for 0 and I or L for 1 are understood.
   *
   * `GET /api/certificates/verify/{code}` (public)
   */
  verify(code: string, options?: CallOptions): Call<VerifyCertificateResult, 'not_found' | CommonCode>
}

/** `client.chat` */
export interface ChatApi {
  /**
   * The own conversations, the last active first.
   *
   * `GET /api/chat/conversations` (any)
   */
  listConversations(input?: ListConversationsInput, options?: CallOptions): Call<Page<Conversation>, 'forbidden' | CommonCode>
  /** All of `listConversations`, page after page, as they are asked for. */
  iterateConversations(input?: ListConversationsInput, options?: CallOptions): AsyncIterableIterator<Conversation>
  /**
   * What was said with somebody, the last first.
   *
   * After a time away: `?after=` the last sequence that one has, then with `&cursor=` on until `nextCursor` is null.
   *
   * `GET /api/chat/history/{userId}` (friends, or teacher and student of one course)
   */
  getHistory(userId: string, input?: ReadChatHistoryInput, options?: CallOptions): Call<Page<Message>, 'forbidden' | 'not_found' | CommonCode>
  /** All of `getHistory`, page after page, as they are asked for. */
  iterateHistory(userId: string, input?: ReadChatHistoryInput, options?: CallOptions): AsyncIterableIterator<Message>
  /**
   * Say something to somebody.
   *
   * `POST /api/chat/messages/{userId}` (friends, or teacher and student of one course)
   */
  sendMessage(userId: string, input: SendMessageInput, options?: CallOptions): Call<Message, 'forbidden' | 'not_found' | 'idempotency_mismatch' | CommonCode>
  /**
   * Have read what somebody said, up to a message.
   *
   * `POST /api/chat/read/{userId}` (friends, or teacher and student of one course)
   */
  markRead(userId: string, input?: MarkReadInput, options?: CallOptions): Call<MarkReadResult, 'forbidden' | 'not_found' | CommonCode>
}

/** `client.children` */
export interface ChildrenApi {
  /**
   * The own children.
   *
   * `GET /api/children` (parent)
   */
  list(input?: ListChildrenInput, options?: CallOptions): Call<Page<ListChildrenItem>, 'forbidden' | CommonCode>
  /** All of `list`, page after page, as they are asked for. */
  iterate(input?: ListChildrenInput, options?: CallOptions): AsyncIterableIterator<ListChildrenItem>
  /**
   * Become the guardian of the student who gave the code.
   *
   * `POST /api/children` (parent)
   */
  create(input: RedeemGuardianCodeInput, options?: CallOptions): Call<ListChildrenItem, 'code_invalid' | 'forbidden' | CommonCode>
  /**
   * Stop being the guardian of a child.
   *
   * `DELETE /api/children/{childId}` (parent of that child)
   */
  delete(childId: string, options?: CallOptions): Call<void, 'forbidden' | 'not_found' | CommonCode>
  /**
   * The enrollments of an own child, newest first.
   *
   * `GET /api/children/{childId}/enrollments` (parent of that child)
   */
  listEnrollments(childId: string, input?: ListEnrollmentsOfChildInput, options?: CallOptions): Call<Page<Enrollment>, 'forbidden' | 'not_found' | CommonCode>
  /** All of `listEnrollments`, page after page, as they are asked for. */
  iterateEnrollments(childId: string, input?: ListEnrollmentsOfChildInput, options?: CallOptions): AsyncIterableIterator<Enrollment>
  /**
   * The progress of an own child in a course.
   *
   * `GET /api/children/{childId}/progress/{courseId}` (parent of that child)
   */
  getProgress(childId: string, courseId: string, options?: CallOptions): Call<Progress, 'forbidden' | 'not_found' | CommonCode>
  /**
   * The attempts of an own child at all quizzes, newest first.
   *
   * `GET /api/children/{childId}/attempts` (parent of that child)
   */
  listAttempts(childId: string, input?: ListAttemptsOfChildInput, options?: CallOptions): Call<Page<ListAttemptsOfChildItem>, 'forbidden' | 'not_found' | CommonCode>
  /** All of `listAttempts`, page after page, as they are asked for. */
  iterateAttempts(childId: string, input?: ListAttemptsOfChildInput, options?: CallOptions): AsyncIterableIterator<ListAttemptsOfChildItem>
  /**
   * The certificates of an own child, newest first.
   *
   * `GET /api/children/{childId}/certificates` (parent of that child)
   */
  listCertificates(childId: string, input?: ListCertificatesOfChildInput, options?: CallOptions): Call<Page<Certificate>, 'forbidden' | 'not_found' | CommonCode>
  /** All of `listCertificates`, page after page, as they are asked for. */
  iterateCertificates(childId: string, input?: ListCertificatesOfChildInput, options?: CallOptions): AsyncIterableIterator<Certificate>
  /**
   * An own child at a glance: courses, progress, quiz scores, certificates, last activity.
   *
   * `GET /api/children/{childId}/overview` (parent of that child)
   */
  getOverview(childId: string, options?: CallOptions): Call<ReadChildOverviewResult, 'forbidden' | 'not_found' | CommonCode>
}

/** `client.coupons` */
export interface CouponsApi {
  /**
   * Coupons, newest first: all for admins, those of their own courses for instructors.
   *
   * `GET /api/coupons` (instructor or admin)
   */
  list(input?: ListCouponsInput, options?: CallOptions): Call<Page<Coupon>, 'forbidden' | CommonCode>
  /** All of `list`, page after page, as they are asked for. */
  iterate(input?: ListCouponsInput, options?: CallOptions): AsyncIterableIterator<Coupon>
  /**
   * Make a coupon, for one course or (admins) for all.
   *
   * Exactly one of `percentOff` and `amountOff`. A percentage is rounded down to whole minor units; nothing goes below zero.
   *
   * `POST /api/coupons` (owner)
   */
  create(input: CreateCouponInput, options?: CallOptions): Call<Coupon, 'forbidden' | 'not_found' | 'coupon_taken' | CommonCode>
  /**
   * Change what a coupon gives from now on, and its limits; null takes one away.
   *
   * `PATCH /api/coupons/{id}` (owner)
   */
  update(id: string, input: ChangeCouponInput, options?: CallOptions): Call<Coupon, 'forbidden' | 'not_found' | CommonCode>
}

/** `client.courses` */
export interface CoursesApi {
  /**
   * The published courses: search, filter, sort.
   *
   * `GET /api/courses` (public)
   */
  list(input?: ListCoursesInput, options?: CallOptions): Call<Page<CourseCard>, CommonCode>
  /** All of `list`, page after page, as they are asked for. */
  iterate(input?: ListCoursesInput, options?: CallOptions): AsyncIterableIterator<CourseCard>
  /**
   * Begin a course as a draft.
   *
   * `POST /api/courses` (instructor or admin)
   */
  create(input: CreateCourseInput, options?: CallOptions): Call<CourseCard, 'forbidden' | CommonCode>
  /**
   * How many courses a search finds, by category, level, language, tag and price.
   *
   * `GET /api/courses/facets` (public)
   */
  facets(input?: CountCoursesInput, options?: CallOptions): Call<CountCoursesResult, CommonCode>
  /**
   * The courses that one teaches, drafts too, newest first.
   *
   * `GET /api/courses/mine` (instructor or admin)
   */
  listMine(input?: ListMyCoursesInput, options?: CallOptions): Call<Page<CourseCard>, 'forbidden' | CommonCode>
  /** All of `listMine`, page after page, as they are asked for. */
  iterateMine(input?: ListMyCoursesInput, options?: CallOptions): AsyncIterableIterator<CourseCard>
  /**
   * The page of a course, by id or slug; drafts for their owners only.
   *
   * Its `ETag` can be sent as `If-Match` with changes of the course.
   *
   * `GET /api/courses/{id}` (public)
   */
  get(id: string, input?: ReadCourseInput, options?: CallOptions): Call<Course, 'not_found' | CommonCode>
  /**
   * Replace all fields of a course; what is not given is taken away, but for the slug.
   *
   * Takes `ifMatch` among its options.
   *
   * `PUT /api/courses/{id}` (owner)
   */
  replace(id: string, input: ReplaceCourseInput, options?: CallOptions): Call<CourseCard, 'forbidden' | 'not_found' | 'slug_taken' | 'stale' | CommonCode>
  /**
   * Change the given fields of a course; null takes one away.
   *
   * The price and the slug are for its lead instructors.
   *
   * Takes `ifMatch` among its options.
   *
   * `PATCH /api/courses/{id}` (owner)
   */
  update(id: string, input: ChangeCourseInput, options?: CallOptions): Call<CourseCard, 'forbidden' | 'not_found' | 'slug_taken' | 'stale' | CommonCode>
  /**
   * Delete a course; one that somebody was ever enrolled in is archived instead.
   *
   * Takes `ifMatch` among its options.
   *
   * `DELETE /api/courses/{id}` (owner)
   */
  delete(id: string, options?: CallOptions): Call<CourseCard | undefined, 'forbidden' | 'not_found' | 'stale' | CommonCode>
  /**
   * Copy a course with its sections, lessons, materials and quizzes, as a draft.
   *
   * For its lead instructors; who copies leads the copy.
   *
   * `POST /api/courses/{id}/duplicate` (owner)
   */
  duplicate(id: string, options?: CallOptions): Call<CourseCard, 'forbidden' | 'not_found' | CommonCode>
  /**
   * Hide a course from everybody but its owners and the enrolled, or show it again.
   *
   * While it is hidden it takes nobody in. Its instructors are told by mail.
   *
   * `PUT /api/courses/{id}/visibility` (admin)
   */
  setVisibility(id: string, input: SetVisibilityInput, options?: CallOptions): Call<CourseCard, 'forbidden' | 'not_found' | CommonCode>
  /**
   * Say who teaches a course: these and no others, one lead at least.
   *
   * A lead may do everything. An assistant changes what the course holds and sees who is in it, but does not publish, delete, duplicate, price or rename it, nor let people in.
   *
   * Takes `ifMatch` among its options.
   *
   * `PUT /api/courses/{id}/instructors` (admin)
   */
  assignInstructors(id: string, input: AssignInstructorsInput, options?: CallOptions): Call<CourseCard, 'forbidden' | 'not_found' | 'stale' | CommonCode>
  /**
   * Set the picture of a course.
   *
   * Judged by its content; kept as WebP, 320, 640 and 1,280 pixels wide at most, without metadata.
   *
   * `PUT /api/courses/{id}/thumbnail` (owner)
   */
  setThumbnail(id: string, input: SetThumbnailInput, options?: CallOptions): Call<CourseCard, 'forbidden' | 'not_found' | 'store_failed' | 'store_full' | CommonCode>
  /**
   * Take the picture of a course away.
   *
   * `DELETE /api/courses/{id}/thumbnail` (owner)
   */
  removeThumbnail(id: string, options?: CallOptions): Call<void, 'forbidden' | 'not_found' | CommonCode>
  /**
   * Sections and lessons, each lesson locked, open or completed.
   *
   * `GET /api/courses/{id}/outline` (enrolled, owner)
   */
  getOutline(id: string, options?: CallOptions): Call<Outline, 'not_enrolled' | 'forbidden' | 'not_found' | CommonCode>
  /**
   * Put all sections and lessons of a course into a new order, at once.
   *
   * A 409 `outline_stale` lists the ids that are `missing`, `unknown` or `repeated`.
   *
   * Takes `ifMatch` among its options.
   *
   * `PUT /api/courses/{id}/outline` (owner)
   */
  reorderOutline(id: string, input: ReorderOutlineInput, options?: CallOptions): Call<ReorderOutlineResult, 'forbidden' | 'not_found' | 'outline_stale' | 'stale' | CommonCode>
  /**
   * Where one stands with a course.
   *
   * `GET /api/courses/{id}/enrollment-status` (any)
   */
  getEnrollmentStatus(id: string, options?: CallOptions): Call<ReadEnrollmentStatusResult, 'forbidden' | 'not_found' | CommonCode>
  /**
   * Who is in a course, newest first, with their progress.
   *
   * With `Accept: text/csv` all who fit, as CSV, whatever `limit` and `cursor`.
   *
   * `GET /api/courses/{id}/enrollments` (owner)
   */
  listRoster(id: string, input?: ListRosterInput, options?: CallOptions): Call<Page<ListRosterItem>, 'forbidden' | 'not_found' | CommonCode>
  /** All of `listRoster`, page after page, as they are asked for. */
  iterateRoster(id: string, input?: ListRosterInput, options?: CallOptions): AsyncIterableIterator<ListRosterItem>
  /** What `listRoster` answers, as CSV. */
  listRosterCsv(id: string, input?: ListRosterInput, options?: CallOptions): Call<string, 'forbidden' | 'not_found' | CommonCode>
  /**
   * Let a person into a course, whatever it costs.
   *
   * Exactly one of `userId` and `email`. Who is in already keeps what they have and gains an entitlement that outlives a refund. 120 a minute.
   *
   * `POST /api/courses/{id}/enrollments` (owner)
   */
  grantEnrollment(id: string, input: GrantEnrollmentInput, options?: CallOptions): Call<Enrollment, 'forbidden' | 'not_found' | 'course_closed' | 'course_hidden' | 'idempotency_mismatch' | CommonCode>
  /**
   * Let many people into a course, by CSV.
   *
   * UTF-8 with a header line that names a column `email`; other columns, such as `name`, are of no interest. A person is a line; to 20 MB. Sent again, it changes nothing. With an `Idempotency-Key` it is done in whole or not at all, and sent again answered as the first time: to 1 MB and 10,000 people. 30 an hour. `Accept: text/csv` gives the rows as CSV.
   *
   * `POST /api/courses/{id}/enrollments/import` (owner)
   */
  importEnrollments(id: string, input: ImportEnrollmentsInput, options?: CallOptions): Call<ImportEnrollmentsResult, 'forbidden' | 'not_found' | 'course_closed' | 'course_hidden' | 'idempotency_mismatch' | CommonCode>
  /** What `importEnrollments` answers, as CSV. */
  importEnrollmentsCsv(id: string, input: ImportEnrollmentsInput, options?: CallOptions): Call<string, 'forbidden' | 'not_found' | 'course_closed' | 'course_hidden' | 'idempotency_mismatch' | CommonCode>
  /**
   * The reviews of a course, newest first, with its rating.
   *
   * `GET /api/courses/{id}/reviews` (public)
   */
  listReviews(id: string, input?: ListReviewsInput, options?: CallOptions): Call<Page<Review>, 'not_found' | CommonCode>
  /** All of `listReviews`, page after page, as they are asked for. */
  iterateReviews(id: string, input?: ListReviewsInput, options?: CallOptions): AsyncIterableIterator<Review>
  /**
   * Review a course, or replace the review.
   *
   * `PUT /api/courses/{id}/reviews/mine` (enrolled)
   */
  giveReview(id: string, input: GiveReviewInput, options?: CallOptions): Call<Review, 'forbidden' | 'not_found' | CommonCode>
  /**
   * Take back the review of a course.
   *
   * `DELETE /api/courses/{id}/reviews/mine` (enrolled)
   */
  takeBackReview(id: string, options?: CallOptions): Call<void, 'forbidden' | 'not_found' | CommonCode>
  /**
   * What a lesson says, with its file and its materials.
   *
   * `GET /api/courses/{courseId}/lessons/{lessonId}` (enrolled, owner; anyone if preview)
   */
  getLesson(courseId: string, lessonId: string, input?: ReadLessonInput, options?: CallOptions): Call<ReadLessonResult, 'not_enrolled' | 'lesson_locked' | 'not_found' | CommonCode>
  /**
   * See the exam of a course, with the right answers.
   *
   * `GET /api/courses/{id}/exam` (owner)
   */
  getExam(id: string, options?: CallOptions): Call<Quiz, 'forbidden' | 'not_found' | CommonCode>
  /**
   * Make the exam of a course, or replace it whole.
   *
   * Attempts that began before keep what they were asked. What GET answered may be changed and sent back as it is; with `If-Match` only where nobody has changed it meanwhile, and with `If-Match: "0"` only where there is none yet.
   *
   * Takes `ifMatch` among its options.
   *
   * `PUT /api/courses/{id}/exam` (owner)
   */
  saveExam(id: string, input: SaveExamInput, options?: CallOptions): Call<Quiz, 'forbidden' | 'not_found' | 'stale' | CommonCode>
  /**
   * Take the exam of a course away; its attempts stay.
   *
   * `DELETE /api/courses/{id}/exam` (owner)
   */
  removeExam(id: string, options?: CallOptions): Call<void, 'forbidden' | 'not_found' | CommonCode>
  /**
   * The quizzes of a course and its exam, and where one stands with each.
   *
   * `GET /api/courses/{id}/quizzes` (enrolled, owner)
   */
  listQuizzes(id: string, input?: ListQuizzesInput, options?: CallOptions): Call<Page<ListQuizzesItem>, 'not_enrolled' | 'forbidden' | 'not_found' | CommonCode>
  /** All of `listQuizzes`, page after page, as they are asked for. */
  iterateQuizzes(id: string, input?: ListQuizzesInput, options?: CallOptions): AsyncIterableIterator<ListQuizzesItem>
  /**
   * The questions of the bank of a course, with the right answers.
   *
   * `GET /api/courses/{id}/questions` (owner)
   */
  listQuestions(id: string, input?: ListQuestionsInput, options?: CallOptions): Call<Page<ListQuestionsItem>, 'forbidden' | 'not_found' | CommonCode>
  /** All of `listQuestions`, page after page, as they are asked for. */
  iterateQuestions(id: string, input?: ListQuestionsInput, options?: CallOptions): AsyncIterableIterator<ListQuestionsItem>
  /**
   * Put a question into the bank of a course, for its quizzes to draw.
   *
   * `POST /api/courses/{id}/questions` (owner)
   */
  addQuestion(id: string, input: AddQuestionInput, options?: CallOptions): Call<ListQuestionsItem, 'forbidden' | 'not_found' | 'bank_full' | CommonCode>
  /**
   * Change a question of the bank; attempts that have drawn it keep it as it was.
   *
   * `PATCH /api/courses/{id}/questions/{questionId}` (owner)
   */
  changeQuestion(id: string, questionId: string, input: ChangeQuestionInput, options?: CallOptions): Call<ListQuestionsItem, 'forbidden' | 'not_found' | CommonCode>
  /**
   * Take a question out of the bank; quizzes draw from what is left.
   *
   * `DELETE /api/courses/{id}/questions/{questionId}` (owner)
   */
  removeQuestion(id: string, questionId: string, options?: CallOptions): Call<void, 'forbidden' | 'not_found' | CommonCode>
  /**
   * Show a course to everybody.
   *
   * A 409 `course_incomplete` lists in `missing` what it lacks: `no_section`, `no_lesson`, `no_quiz`; for the last, `hindrances` names each lesson of the type quiz that has none.
   *
   * `POST /api/courses/{id}/publish` (owner)
   */
  publish(id: string, options?: CallOptions): Call<CourseCard, 'forbidden' | 'not_found' | 'course_incomplete' | 'course_closed' | CommonCode>
  /**
   * Take a course back into draft, also an archived one; who is enrolled stays so.
   *
   * `POST /api/courses/{id}/unpublish` (owner)
   */
  unpublish(id: string, options?: CallOptions): Call<CourseCard, 'forbidden' | 'not_found' | CommonCode>
}

/** `client.dashboard` */
export interface DashboardApi {
  /**
   * The own courses with progress and next lesson, streak, results, certificates, what is due.
   *
   * `GET /api/dashboard/student` (student)
   */
  getStudent(options?: CallOptions): Call<ReadStudentDashboardResult, 'forbidden' | CommonCode>
  /**
   * Each own child: courses with progress, results, certificates, last activity.
   *
   * A page of the own children, as `GET /children` has them. Each look at a child is on record.
   *
   * `GET /api/dashboard/parent` (parent)
   */
  getParent(input?: ReadParentDashboardInput, options?: CallOptions): Call<ReadParentDashboardResult, 'forbidden' | CommonCode>
  /**
   * The courses that one teaches: enrollments, active students, completion, revenue, rating.
   *
   * The totals are of all courses; `perCourse` is a page of them, newest first, as `GET /courses/mine`.
   *
   * `GET /api/dashboard/instructor` (instructor)
   */
  getInstructor(input?: ReadInstructorDashboardInput, options?: CallOptions): Call<ReadInstructorDashboardResult, 'forbidden' | CommonCode>
  /**
   * The school: users by role, courses and enrollments by status, revenue, who teaches lately.
   *
   * `GET /api/dashboard/admin` (admin)
   */
  getAdmin(options?: CallOptions): Call<ReadAdminDashboardResult, 'forbidden' | CommonCode>
}

/** `client.enrollments` */
export interface EnrollmentsApi {
  /**
   * Enroll in a course: active at once where it is free, else pending until it is paid.
   *
   * `POST /api/enrollments` (any)
   */
  create(input: EnrollInput, options?: CallOptions): Call<Enrollment, 'forbidden' | 'not_found' | 'already_enrolled' | 'course_closed' | 'course_hidden' | 'idempotency_mismatch' | CommonCode>
  /**
   * Own enrollments, newest first.
   *
   * `GET /api/enrollments/my` (any)
   */
  listMine(input?: ListMyEnrollmentsInput, options?: CallOptions): Call<Page<Enrollment>, 'forbidden' | CommonCode>
  /** All of `listMine`, page after page, as they are asked for. */
  iterateMine(input?: ListMyEnrollmentsInput, options?: CallOptions): AsyncIterableIterator<Enrollment>
  /**
   * One enrollment.
   *
   * `GET /api/enrollments/{id}` (its student, owner)
   */
  get(id: string, options?: CallOptions): Call<Enrollment, 'forbidden' | 'not_found' | CommonCode>
  /**
   * Give an enrollment up.
   *
   * `POST /api/enrollments/{id}/cancel` (its student, admin)
   */
  cancel(id: string, options?: CallOptions): Call<Enrollment, 'forbidden' | 'not_found' | 'enrollment_completed' | CommonCode>
  /**
   * Take back what was granted, by hand or by import.
   *
   * Access ends with the last entitlement: who has paid as well keeps it.
   *
   * `DELETE /api/enrollments/{id}/grant` (owner)
   */
  takeBackGrant(id: string, options?: CallOptions): Call<Enrollment, 'forbidden' | 'not_found' | CommonCode>
}

/** `client.friends` */
export interface FriendsApi {
  /**
   * Ask somebody to be friends; who was asked by them becomes their friend by it.
   *
   * `POST /api/friends/request` (any)
   */
  request(input: RequestFriendInput, options?: CallOptions): Call<RequestFriendResult, 'forbidden' | 'not_found' | 'already_friends' | CommonCode>
  /**
   * The open requests to oneself, or one’s own, newest first.
   *
   * `GET /api/friends/requests` (any)
   */
  listRequests(input?: ListFriendRequestsInput, options?: CallOptions): Call<Page<RequestFriendResult>, 'forbidden' | CommonCode>
  /** All of `listRequests`, page after page, as they are asked for. */
  iterateRequests(input?: ListFriendRequestsInput, options?: CallOptions): AsyncIterableIterator<RequestFriendResult>
  /**
   * Accept a request to oneself.
   *
   * `POST /api/friends/requests/{id}/accept` (self)
   */
  acceptRequest(id: string, options?: CallOptions): Call<ListBlocksItem, 'forbidden' | 'not_found' | CommonCode>
  /**
   * Decline a request to oneself.
   *
   * `POST /api/friends/requests/{id}/decline` (self)
   */
  declineRequest(id: string, options?: CallOptions): Call<void, 'forbidden' | 'not_found' | CommonCode>
  /**
   * Withdraw a request of one’s own.
   *
   * `DELETE /api/friends/requests/{id}` (self)
   */
  withdrawRequest(id: string, options?: CallOptions): Call<void, 'forbidden' | 'not_found' | CommonCode>
  /**
   * The own friends.
   *
   * `GET /api/friends` (any)
   */
  list(input?: ListFriendsInput, options?: CallOptions): Call<Page<ListBlocksItem>, 'forbidden' | CommonCode>
  /** All of `list`, page after page, as they are asked for. */
  iterate(input?: ListFriendsInput, options?: CallOptions): AsyncIterableIterator<ListBlocksItem>
  /**
   * Be friends no more.
   *
   * `DELETE /api/friends/{userId}` (self)
   */
  delete(userId: string, options?: CallOptions): Call<void, 'forbidden' | 'not_found' | CommonCode>
}

/** `client.health` */
export interface HealthApi {
  /**
   * Is the process alive?.
   *
   * `GET /healthz` (public)
   */
  get(options?: CallOptions): Call<HealthResult, CommonCode>
  /**
   * Do the database and the cache answer?.
   *
   * For a balancer in front of several nodes ask with `exclude=cache`: without Redis nodes go on, each for itself, and all lack it at once.
   *
   * `GET /readyz` (public)
   */
  getReadiness(input?: ReadinessInput, options?: CallOptions): Call<ReadinessResult, CommonCode>
}

/** `client.lessons` */
export interface LessonsApi {
  /**
   * Add a lesson at the end of a section.
   *
   * `POST /api/lessons` (owner)
   */
  create(input: AddLessonInput, options?: CallOptions): Call<LessonCard, 'forbidden' | 'not_found' | 'course_full' | CommonCode>
  /**
   * The lessons of the section with this id, in order.
   *
   * What they say is there for owners and, of previews, for everybody.
   *
   * `GET /api/lessons/{id}` (public)
   */
  list(id: string, input?: ListLessonsInput, options?: CallOptions): Call<Page<LessonCard>, 'not_found' | CommonCode>
  /** All of `list`, page after page, as they are asked for. */
  iterate(id: string, input?: ListLessonsInput, options?: CallOptions): AsyncIterableIterator<LessonCard>
  /**
   * Change a lesson.
   *
   * Its `ETag` has the `version` of the course, which counts this change too, and `If-Match` compares with that.
   *
   * Takes `ifMatch` among its options.
   *
   * `PATCH /api/lessons/{id}` (owner)
   */
  update(id: string, input: ChangeLessonInput, options?: CallOptions): Call<LessonCard, 'forbidden' | 'not_found' | 'lesson_has_quiz' | 'stale' | CommonCode>
  /**
   * Remove a lesson, and the progress in it; attempts at its quiz stay.
   *
   * `DELETE /api/lessons/{id}` (owner)
   */
  delete(id: string, options?: CallOptions): Call<void, 'forbidden' | 'not_found' | CommonCode>
  /**
   * Attach an uploaded file to a lesson.
   *
   * `POST /api/lessons/{id}/materials` (owner)
   */
  addMaterial(id: string, input: AddMaterialInput, options?: CallOptions): Call<Material, 'forbidden' | 'not_found' | 'materials_full' | CommonCode>
  /**
   * See the quiz of a lesson, with the right answers.
   *
   * `GET /api/lessons/{id}/quiz` (owner)
   */
  getQuiz(id: string, options?: CallOptions): Call<Quiz, 'forbidden' | 'not_found' | 'not_a_quiz_lesson' | CommonCode>
  /**
   * Make the quiz of a lesson, or replace it whole.
   *
   * Attempts that began before keep what they were asked. What GET answered may be changed and sent back as it is; with `If-Match` only where nobody has changed it meanwhile, and with `If-Match: "0"` only where there is none yet.
   *
   * Takes `ifMatch` among its options.
   *
   * `PUT /api/lessons/{id}/quiz` (owner)
   */
  saveQuiz(id: string, input: SaveQuizInput, options?: CallOptions): Call<Quiz, 'forbidden' | 'not_found' | 'not_a_quiz_lesson' | 'stale' | CommonCode>
  /**
   * Take the quiz of a lesson away; its attempts stay.
   *
   * Not from a lesson of a published course: 409 `quiz_needed`.
   *
   * `DELETE /api/lessons/{id}/quiz` (owner)
   */
  removeQuiz(id: string, options?: CallOptions): Call<void, 'forbidden' | 'not_found' | 'not_a_quiz_lesson' | 'quiz_needed' | CommonCode>
}

/** `client.materials` */
export interface MaterialsApi {
  /**
   * An attachment of a lesson, for those who may read the lesson.
   *
   * `GET /api/materials/{id}` (enrolled, owner; anyone if preview)
   */
  get(id: string, options?: CallOptions): Call<Material, 'not_enrolled' | 'lesson_locked' | 'not_found' | CommonCode>
  /**
   * Take an attachment away from its lesson.
   *
   * `DELETE /api/materials/{id}` (owner)
   */
  delete(id: string, options?: CallOptions): Call<void, 'forbidden' | 'not_found' | CommonCode>
}

/** `client.media` */
export interface MediaApi {
  /**
   * The own files, the newest first.
   *
   * `GET /api/media` (any)
   */
  list(input?: ListMediaInput, options?: CallOptions): Call<Page<Media>, 'forbidden' | CommonCode>
  /** All of `list`, page after page, as they are asked for. */
  iterate(input?: ListMediaInput, options?: CallOptions): AsyncIterableIterator<Media>
  /**
   * Upload a file.
   *
   * Judged by its content; streamed to the store. Images lose their metadata. Large files better come in parts: `/media/uploads`.
   *
   * `POST /api/media` (any)
   */
  upload(input: UploadMediaInput, options?: CallOptions): Call<Media, 'forbidden' | 'quota_exceeded' | 'store_failed' | 'store_full' | CommonCode>
  /**
   * The bytes of a file, or where they are.
   *
   * With a bearer, or by the signed address that a Media has as `url`. Ranges, `If-Range` and `If-None-Match` are honored.
   *
   * `GET /api/media/{id}` (as what it belongs to)
   */
  get(id: string, input?: GetMediaInput, options?: CallOptions): Call<Blob, 'not_found' | 'range_not_satisfiable' | 'store_failed' | CommonCode>
  /**
   * Delete a file that is not used.
   *
   * `DELETE /api/media/{id}` (uploader, admin)
   */
  delete(id: string, options?: CallOptions): Call<void, 'forbidden' | 'not_found' | 'media_in_use' | CommonCode>
  /**
   * Begin a resumable upload (tus 1.0: creation).
   *
   * `Location` is where its parts go, by PATCH. Its last name is the id of the Media that it becomes. The room is reserved at once. An upload of which nothing comes for 24 hours is over.
   *
   * `POST /api/media/uploads` (any)
   */
  beginUpload(input: BeginUploadInput, options?: CallOptions): Call<Media, 'forbidden' | 'tus_version_unsupported' | 'quota_exceeded' | CommonCode>
  /**
   * Send the next part of a resumable upload (tus 1.0).
   *
   * `HEAD` on the same path says at which `Upload-Offset` it is. With the last part the file is judged as any upload: by then it is a Media with this id.
   *
   * `PATCH /api/media/uploads/{id}` (uploader)
   */
  continueUpload(id: string, input: ContinueUploadInput, options?: CallOptions): Call<void, 'forbidden' | 'not_found' | 'upload_offset_conflict' | 'upload_elsewhere' | 'upload_expired' | 'tus_version_unsupported' | 'checksum_mismatch' | 'store_failed' | 'store_full' | CommonCode>
  /**
   * End a resumable upload and forget what came of it (tus 1.0: termination).
   *
   * `DELETE /api/media/uploads/{id}` (uploader)
   */
  endUpload(id: string, input?: EndUploadInput, options?: CallOptions): Call<void, 'forbidden' | 'not_found' | 'media_in_use' | 'tus_version_unsupported' | CommonCode>
  /**
   * What a file is, without its bytes.
   *
   * `GET /api/media/{id}/details` (as what it belongs to)
   */
  getDetails(id: string, options?: CallOptions): Call<Media, 'not_found' | CommonCode>
}

/** `client.notifications` */
export interface NotificationsApi {
  /**
   * What one was told, newest first.
   *
   * `GET /api/notifications` (any)
   */
  list(input?: ListNotificationsInput, options?: CallOptions): Call<Page<Notification>, 'forbidden' | CommonCode>
  /** All of `list`, page after page, as they are asked for. */
  iterate(input?: ListNotificationsInput, options?: CallOptions): AsyncIterableIterator<Notification>
  /**
   * How many notifications are not read yet.
   *
   * `GET /api/notifications/unread-count` (any)
   */
  countUnread(options?: CallOptions): Call<CountUnreadNotificationsResult, 'forbidden' | CommonCode>
  /**
   * Mark a notification as read; one that is read stays as it is.
   *
   * `POST /api/notifications/{id}/read` (self)
   */
  read(id: string, options?: CallOptions): Call<Notification, 'forbidden' | 'not_found' | CommonCode>
  /**
   * Mark all notifications as read, or those up to one; how many are left unread.
   *
   * `POST /api/notifications/read-all` (any)
   */
  readAll(input?: ReadAllNotificationsInput, options?: CallOptions): Call<CountUnreadNotificationsResult, 'forbidden' | CommonCode>
  /**
   * By which channels one is told of what.
   *
   * `GET /api/notifications/preferences` (any)
   */
  getPreferences(options?: CallOptions): Call<ReadNotificationPreferencesResult, 'forbidden' | CommonCode>
  /**
   * Choose the channels by kind; what is left out stays, and what is essential stays on.
   *
   * `PUT /api/notifications/preferences` (any)
   */
  changePreferences(input: ChangeNotificationPreferencesInput, options?: CallOptions): Call<ReadNotificationPreferencesResult, 'forbidden' | CommonCode>
}

/** `client.payments` */
export interface PaymentsApi {
  /**
   * The payment gateways that are configured, the preferred one first.
   *
   * `GET /api/payments/gateways` (public)
   */
  listGateways(options?: CallOptions): Call<ListGatewaysResult, CommonCode>
  /**
   * Pay for a course: the price is the course’s, the checkout the gateway’s.
   *
   * `POST /api/payments/create` (any)
   */
  create(input: CreatePaymentInput, options?: CallOptions): Call<CreatePaymentResult, 'forbidden' | 'not_found' | 'course_free' | 'course_closed' | 'course_hidden' | 'already_enrolled' | 'coupon_exhausted' | 'amount_not_payable' | 'payment_over' | 'idempotency_mismatch' | 'gateway_failed' | 'gateway_refused' | 'gateway_not_configured' | CommonCode>
  /**
   * One payment, with what went back of it.
   *
   * `GET /api/payments/{id}` (its student, admin)
   */
  get(id: string, options?: CallOptions): Call<Payment, 'forbidden' | 'not_found' | CommonCode>
  /**
   * Razorpay: what its checkout handed to the browser. Access is given at once if the money is there.
   *
   * `POST /api/payments/verify` (any)
   */
  verify(input: VerifyPaymentInput, options?: CallOptions): Call<VerifyPaymentResult, 'invalid_signature' | 'forbidden' | 'not_found' | 'gateway_failed' | 'gateway_not_configured' | CommonCode>
  /**
   * Give money back, all or a part; the access ends with the last of it.
   *
   * `POST /api/payments/{id}/refund` (admin)
   */
  refund(id: string, input?: RefundPaymentInput, options?: CallOptions): Call<RefundPaymentResult, 'forbidden' | 'not_found' | 'payment_not_captured' | 'refund_too_large' | 'idempotency_mismatch' | CommonCode>
  /**
   * Stands for the page of the simulator: the webhook follows, signed.
   *
   * `POST /api/payments/simulator/{paymentId}` (public)
   */
  simulate(paymentId: string, input: SimulatePaymentInput, options?: CallOptions): Call<SimulatePaymentResult, 'not_found' | 'gateway_not_configured' | CommonCode>
  /**
   * Own payments, newest first.
   *
   * `GET /api/payments/my` (any)
   */
  listMine(input?: ListMyPaymentsInput, options?: CallOptions): Call<Page<ListMyPaymentsItem>, 'forbidden' | CommonCode>
  /** All of `listMine`, page after page, as they are asked for. */
  iterateMine(input?: ListMyPaymentsInput, options?: CallOptions): AsyncIterableIterator<ListMyPaymentsItem>
  /**
   * All payments, newest first, by state, gateway and time.
   *
   * `GET /api/payments` (admin)
   */
  list(input?: ListPaymentsInput, options?: CallOptions): Call<Page<ListPaymentsItem>, 'forbidden' | CommonCode>
  /** All of `list`, page after page, as they are asked for. */
  iterate(input?: ListPaymentsInput, options?: CallOptions): AsyncIterableIterator<ListPaymentsItem>
  /**
   * The receipt of a payment, as PDF.
   *
   * `GET /api/payments/{id}/receipt` (its student, admin)
   */
  getReceipt(id: string, options?: CallOptions): Call<Blob, 'forbidden' | 'not_found' | 'not_captured' | CommonCode>
  /**
   * For a gateway: what happened, signed. Stored, then acted on; a repetition changes nothing.
   *
   * `POST /api/payments/webhook/{gateway}` (public)
   */
  receiveWebhook(gateway: string, input: ReceiveWebhookInput, options?: CallOptions): Call<SimulatePaymentResult, 'invalid_signature' | 'not_found' | 'gateway_not_configured' | CommonCode>
  /**
   * The same for the simulator.
   *
   * `POST /api/payments/webhook` (public)
   */
  receiveSimulatorWebhook(input: ReceiveSimulatorWebhookInput, options?: CallOptions): Call<SimulatePaymentResult, 'invalid_signature' | 'not_found' | 'gateway_not_configured' | CommonCode>
}

/** `client.presence` */
export interface PresenceApi {
  /**
   * Who of these people is online, and when the others were last seen; whom one may not reach is left out.
   *
   * `GET /api/presence` (any)
   */
  get(input: ReadPresenceInput, options?: CallOptions): Call<ReadPresenceResult, 'forbidden' | CommonCode>
}

/** `client.progress` */
export interface ProgressApi {
  /**
   * Complete a lesson, or keep the position in it.
   *
   * Repeating it changes nothing. The last lesson completes the enrollment.
   *
   * `POST /api/progress/lesson` (enrolled)
   */
  record(input: RecordProgressInput, options?: CallOptions): Call<RecordProgressResult, 'not_enrolled' | 'forbidden' | 'not_found' | 'lesson_locked' | 'quiz_required' | CommonCode>
  /**
   * Own progress in a course: each lesson, percent, what comes next.
   *
   * `GET /api/progress/course/{courseId}` (enrolled)
   */
  get(courseId: string, options?: CallOptions): Call<Progress, 'not_enrolled' | 'forbidden' | 'not_found' | CommonCode>
  /**
   * Complete the course, if all of it is done.
   *
   * It completes by itself with the last lesson; this is for a course that has become shorter.
   *
   * `POST /api/progress/course/{courseId}/complete` (enrolled)
   */
  completeCourse(courseId: string, options?: CallOptions): Call<Progress, 'not_enrolled' | 'forbidden' | 'not_found' | 'course_incomplete' | CommonCode>
  /**
   * Begin the course again; a completed enrollment stays completed.
   *
   * `POST /api/progress/course/{courseId}/reset` (enrolled)
   */
  reset(courseId: string, options?: CallOptions): Call<Progress, 'not_enrolled' | 'forbidden' | 'not_found' | CommonCode>
}

/** `client.quizzes` */
export interface QuizzesApi {
  /**
   * What one may know of a quiz before beginning it, and where one stands with it.
   *
   * `GET /api/quizzes/{id}` (enrolled, owner)
   */
  get(id: string, options?: CallOptions): Call<ListQuizzesItem, 'not_enrolled' | 'forbidden' | 'not_found' | CommonCode>
  /**
   * The attempts at a quiz, newest first: own ones; for owners, those of all or of one person; for parents, of a child.
   *
   * `GET /api/quizzes/{id}/attempts` (its student, owner, parent)
   */
  listAttempts(id: string, input?: ListAttemptsInput, options?: CallOptions): Call<Page<ListAttemptsOfChildItem>, 'not_enrolled' | 'forbidden' | 'not_found' | CommonCode>
  /** All of `listAttempts`, page after page, as they are asked for. */
  iterateAttempts(id: string, input?: ListAttemptsInput, options?: CallOptions): AsyncIterableIterator<ListAttemptsOfChildItem>
  /**
   * Begin an attempt at a quiz; asked again, the one that is open.
   *
   * `POST /api/quizzes/{id}/attempts` (enrolled)
   */
  startAttempt(id: string, options?: CallOptions): Call<Attempt, 'not_enrolled' | 'forbidden' | 'not_found' | 'attempts_exhausted' | 'lesson_locked' | 'quiz_empty' | CommonCode>
  /**
   * Give one student more attempts at a quiz than it allows everybody.
   *
   * Each request adds to what was given before: send an `Idempotency-Key` with one that may be repeated.
   *
   * `POST /api/quizzes/{id}/extra-attempts` (owner)
   */
  grantAttempts(id: string, input: GrantAttemptsInput, options?: CallOptions): Call<GrantAttemptsResult, 'forbidden' | 'not_found' | 'idempotency_mismatch' | CommonCode>
}

/** `client.reviews` */
export interface ReviewsApi {
  /**
   * Remove a review that should not be there.
   *
   * `DELETE /api/reviews/{id}` (admin)
   */
  delete(id: string, options?: CallOptions): Call<void, 'forbidden' | 'not_found' | CommonCode>
}

/** `client.sections` */
export interface SectionsApi {
  /**
   * Add a section at the end of a course.
   *
   * `POST /api/sections` (owner)
   */
  create(input: AddSectionInput, options?: CallOptions): Call<Section, 'forbidden' | 'not_found' | 'course_full' | CommonCode>
  /**
   * The sections of the course with this id, in order.
   *
   * `GET /api/sections/{id}` (public)
   */
  list(id: string, input?: ListSectionsInput, options?: CallOptions): Call<Page<Section>, 'not_found' | CommonCode>
  /** All of `list`, page after page, as they are asked for. */
  iterate(id: string, input?: ListSectionsInput, options?: CallOptions): AsyncIterableIterator<Section>
  /**
   * Change a section.
   *
   * Its `ETag` has the `version` of the course, which counts this change too, and `If-Match` compares with that.
   *
   * Takes `ifMatch` among its options.
   *
   * `PATCH /api/sections/{id}` (owner)
   */
  update(id: string, input: ChangeSectionInput, options?: CallOptions): Call<Section, 'forbidden' | 'not_found' | 'stale' | CommonCode>
  /**
   * Remove a section with its lessons, and the progress in them; attempts at their quizzes stay.
   *
   * `DELETE /api/sections/{id}` (owner)
   */
  delete(id: string, options?: CallOptions): Call<void, 'forbidden' | 'not_found' | CommonCode>
}

/** `client.thumbnails` */
export interface ThumbnailsApi {
  /**
   * The picture of a course, as `thumbnail` names it.
   *
   * `GET /api/thumbnails/{name}` (public)
   */
  get(name: string, options?: CallOptions): Call<Blob, 'not_found' | 'store_failed' | CommonCode>
}

/** `client.users` */
export interface UsersApi {
  /**
   * Change the own password; ends all other sessions.
   *
   * `PATCH /api/users/me/password` (any)
   */
  changePassword(input: ChangePasswordInput, options?: CallOptions): Call<void, 'invalid_credentials' | 'forbidden' | CommonCode>
  /**
   * The own account.
   *
   * `GET /api/users/me` (any)
   */
  getMe(options?: CallOptions): Call<User, 'forbidden' | CommonCode>
  /**
   * Change the own profile.
   *
   * `PATCH /api/users/me` (any)
   */
  updateMe(input: UpdateMeInput, options?: CallOptions): Call<User, 'forbidden' | CommonCode>
  /**
   * Delete the own account and erase what is personal.
   *
   * Payments and certificates are kept, under nobody’s name. The e-mail address can be registered anew.
   *
   * `DELETE /api/users/me` (any)
   */
  deleteMe(input?: DeleteMeInput, options?: CallOptions): Call<void, 'invalid_credentials' | 'forbidden' | 'last_admin' | CommonCode>
  /**
   * The public part of a person.
   *
   * `GET /api/users/{id}/profile` (any)
   */
  getProfile(id: string, options?: CallOptions): Call<Profile, 'forbidden' | 'not_found' | CommonCode>
  /**
   * Set the own picture.
   *
   * Judged by its content; kept as a square of 512 pixels, without metadata.
   *
   * `PUT /api/users/me/avatar` (any)
   */
  setAvatar(input: SetAvatarInput, options?: CallOptions): Call<User, 'forbidden' | 'store_failed' | 'store_full' | CommonCode>
  /**
   * Remove the own picture.
   *
   * `DELETE /api/users/me/avatar` (any)
   */
  removeAvatar(options?: CallOptions): Call<void, 'forbidden' | CommonCode>
  /**
   * A person's picture, as `avatarUrl` names it.
   *
   * `GET /api/users/{id}/avatar/{name}` (public)
   */
  getAvatar(id: string, name: string, options?: CallOptions): Call<Blob, 'not_found' | 'store_failed' | CommonCode>
  /**
   * Search users by name or e-mail address.
   *
   * With `q`, those that fit best come first; without it, the newest.
   *
   * `GET /api/users` (admin)
   */
  list(input?: ListUsersInput, options?: CallOptions): Call<Page<User>, 'forbidden' | CommonCode>
  /** All of `list`, page after page, as they are asked for. */
  iterate(input?: ListUsersInput, options?: CallOptions): AsyncIterableIterator<User>
  /**
   * Make an account for somebody, in any role.
   *
   * Without a password, they are invited by mail: a link, valid for seven days, lets them choose one.
   *
   * `POST /api/users` (admin)
   */
  create(input: CreateUserInput, options?: CallOptions): Call<User, 'forbidden' | 'email_taken' | CommonCode>
  /**
   * One user.
   *
   * `GET /api/users/{id}` (admin)
   */
  get(id: string, options?: CallOptions): Call<User, 'forbidden' | 'not_found' | CommonCode>
  /**
   * Change a user's name or role, suspend or restore them.
   *
   * Another role, or a suspension, ends all their sessions at once.
   *
   * `PATCH /api/users/{id}` (admin)
   */
  update(id: string, input: UpdateUserInput, options?: CallOptions): Call<User, 'forbidden' | 'not_found' | 'last_admin' | CommonCode>
  /**
   * Delete a user and erase what is personal.
   *
   * `DELETE /api/users/{id}` (admin)
   */
  delete(id: string, options?: CallOptions): Call<void, 'forbidden' | 'not_found' | 'last_admin' | CommonCode>
  /**
   * A code for a parent: works once, for 24 hours.
   *
   * `POST /api/users/me/guardian-codes` (student)
   */
  makeGuardianCode(options?: CallOptions): Call<MakeGuardianCodeResult, 'forbidden' | CommonCode>
  /**
   * Who may look at the own courses, progress, scores and certificates.
   *
   * `GET /api/users/me/guardians` (student)
   */
  listGuardians(input?: ListGuardiansInput, options?: CallOptions): Call<Page<ListChildrenItem>, 'forbidden' | CommonCode>
  /** All of `listGuardians`, page after page, as they are asked for. */
  iterateGuardians(input?: ListGuardiansInput, options?: CallOptions): AsyncIterableIterator<ListChildrenItem>
  /**
   * Take it back from a parent, at once.
   *
   * `DELETE /api/users/me/guardians/{parentId}` (its student)
   */
  removeGuardian(parentId: string, options?: CallOptions): Call<void, 'forbidden' | 'not_found' | CommonCode>
  /**
   * Link a parent to a student without a code.
   *
   * `POST /api/users/{id}/children` (admin)
   */
  assignChild(id: string, input: AssignChildInput, options?: CallOptions): Call<ListChildrenItem, 'forbidden' | 'not_found' | CommonCode>
  /**
   * End a link between a parent and a student.
   *
   * `DELETE /api/users/{id}/children/{childId}` (admin)
   */
  unassignChild(id: string, childId: string, options?: CallOptions): Call<void, 'forbidden' | 'not_found' | CommonCode>
  /**
   * All own personal data, as one JSON archive.
   *
   * `GET /api/users/me/export` (any)
   */
  exportMe(options?: CallOptions): Call<ExportMeResult, 'forbidden' | CommonCode>
}

/** Every operation of the server: `client.<resource>.<method>`. */
export interface Api {
  readonly admin: AdminApi
  readonly ai: AiApi
  readonly analytics: AnalyticsApi
  readonly attempts: AttemptsApi
  readonly auth: AuthApi
  readonly blocks: BlocksApi
  readonly calls: CallsApi
  readonly categories: CategoriesApi
  readonly certificates: CertificatesApi
  readonly chat: ChatApi
  readonly children: ChildrenApi
  readonly coupons: CouponsApi
  readonly courses: CoursesApi
  readonly dashboard: DashboardApi
  readonly enrollments: EnrollmentsApi
  readonly friends: FriendsApi
  readonly health: HealthApi
  readonly lessons: LessonsApi
  readonly materials: MaterialsApi
  readonly media: MediaApi
  readonly notifications: NotificationsApi
  readonly payments: PaymentsApi
  readonly presence: PresenceApi
  readonly progress: ProgressApi
  readonly quizzes: QuizzesApi
  readonly reviews: ReviewsApi
  readonly sections: SectionsApi
  readonly thumbnails: ThumbnailsApi
  readonly users: UsersApi
}
