-- What each column holds of a person. A comment is `none`, or three parts: what it is (`person`: an id of somebody; `personal`: what tells of
-- somebody; `secret`: what opens something), whether the person's archive has it, and whether it is erased with the account. Where it is
-- not exported or not erased, it says why. Whoever adds a column adds its comment: docs/how-to/add-a-migration.md.

do $$ declare said text; begin foreach said in array string_to_array(trim(regexp_replace('
  active_people.day active_people.days active_people.people
  activity_days.course_id
  announcements.id announcements.kind announcements.course_id announcements.title announcements.body announcements.data
  announcements.created_at announcements.reached
  assistant_outputs.key assistant_outputs.task
  assistant_usage.id assistant_usage.held_until
  attempts.id attempts.quiz_id attempts.max_attempts attempts.pass_percent attempts.quiz_version attempts.asked
  bank_questions.id bank_questions.course_id bank_questions.question bank_questions.tags bank_questions.created_at bank_questions.updated_at
  bank_questions.bytes
  blocks.id
  call_parties.call_id
  calls.id
  categories.id categories.name categories.slug categories.parent_id
  certificate_keys.kid certificate_keys.public_key certificate_keys.sealed_private_key certificate_keys.created_at
  certificates.id certificates.enrollment_id certificates.course_id certificates.school certificates.course_title
  conversations.id conversations.last_sequence
  coupon_redemptions.payment_id coupon_redemptions.coupon_id
  coupons.id coupons.code coupons.percent_off coupons.amount_off coupons.currency coupons.course_id coupons.max_redemptions coupons.per_user
  coupons.starts_at coupons.ends_at coupons.redeemed coupons.created_at coupons.updated_at
  course_exams.course_id course_exams.quiz_id
  course_instructors.course_id course_instructors.role
  course_search.course_id course_search.published_at course_search.category_id course_search.level course_search.language course_search.tags
  course_search.price_currency course_search.price_amount course_search.name course_search.title course_search.head course_search.document
  course_search.outline course_search.number
  course_slugs.slug course_slugs.course_id
  course_stats.course_id course_stats.activations course_stats.stars course_stats.rating_count course_stats.rating_average
  course_stats.lessons
  course_text_media.course_id course_text_media.media_id
  courses.id courses.slug courses.title courses.subtitle courses.description courses.status courses.category_id courses.level courses.language
  courses.tags courses.price_amount courses.price_currency courses.sequential courses.version courses.created_at courses.updated_at
  courses.published_at courses.hidden_at courses.hidden_reason courses.thumbnail_key
  enrollment_entitlements.id enrollment_entitlements.enrollment_id enrollment_entitlements.reference
  enrollment_facts.course_id
  enrollment_history.id enrollment_history.enrollment_id
  enrollment_slots.course_id enrollment_slots.slot enrollment_slots.begun enrollment_slots.activated enrollment_slots.cancelled
  enrollment_totals.course_id enrollment_totals.pending enrollment_totals.active enrollment_totals.completed enrollment_totals.cancelled
  enrollments.course_id
  event_deliveries.event_id event_deliveries.subscriber event_deliveries.delivered_at
  events.id events.audited events.subject_type
  extra_attempts.quiz_id
  friendships.id
  guardian_links.id
  idempotency_keys.status
  job_days.name job_days.day job_days.runs job_days.failures job_days.last_at job_days.last_ms job_days.last_error
  learning_counts.course_id learning_counts.slot learning_counts.shard learning_counts.lessons_completed learning_counts.exams_passed
  learning_counts.courses_completed
  ledger_entries.movement_id ledger_entries.account ledger_entries.amount ledger_entries.currency
  ledger_movements.id ledger_movements.cause ledger_movements.payment_id ledger_movements.at
  lesson_news.course_id lesson_news.lesson_ids lesson_news.told_at
  lesson_progress.lesson_id lesson_progress.first_of lesson_progress.first_lesson_id
  lesson_text_media.lesson_id lesson_text_media.media_id
  lessons.id lessons.course_id lessons.section_id lessons.title lessons.type lessons.body lessons.duration_seconds lessons.preview
  lessons.available_after_days lessons.position lessons.created_at lessons.updated_at lessons.copied_from lessons.media_id
  materials.id materials.lesson_id materials.media_id materials.title materials.position materials.created_at
  media.id media.storage_key media.widths media.width media.height media.duration_seconds media.failure_reason media.unused_since
  media.received
  messages.id messages.conversation_id messages.erased
  notifications.fact_id notifications.digest_id
  payment_captures.gateway payment_captures.payment_id payment_captures.amount payment_captures.currency payment_captures.verdict
  payment_history.id payment_history.payment_id
  payments.course_id payments.enrollment_id payments.coupon_id payments.pays payments.due_at
  quiz_results.quiz_id
  quizzes.id quizzes.course_id quizzes.lesson_id quizzes.title quizzes.pass_percent quizzes.time_limit_seconds quizzes.max_attempts
  quizzes.shuffle quizzes.reveal_answers quizzes.questions quizzes.draws quizzes.version quizzes.created_at quizzes.updated_at
  quizzes.removed_at quizzes.of_removed_lesson
  refunds.id refunds.payment_id refunds.gateway refunds.due_at
  revenue_slots.course_id revenue_slots.currency revenue_slots.slot revenue_slots.captured revenue_slots.refunded revenue_slots.payments
  revenue_totals.course_id revenue_totals.currency revenue_totals.captured revenue_totals.refunded revenue_totals.payments
  reviews.id reviews.course_id
  school_enrollment_slots.slot school_enrollment_slots.shard school_enrollment_slots.begun school_enrollment_slots.activated
  school_enrollment_slots.completed school_enrollment_slots.cancelled
  school_revenue_slots.slot school_revenue_slots.currency school_revenue_slots.shard school_revenue_slots.captured
  school_revenue_slots.refunded school_revenue_slots.payments
  search_words.word
  sections.id sections.course_id sections.title sections.description sections.position
  simulator_payments.payment_id simulator_payments.outcome simulator_payments.amount simulator_payments.currency simulator_payments.at
  simulator_refunds.id simulator_refunds.payment_id simulator_refunds.amount
  users.demo
  webhook_inbox.id webhook_inbox.gateway webhook_inbox.event_id webhook_inbox.received_at webhook_inbox.processed_at webhook_inbox.outcome
', '\s+', ' ', 'g')), ' ')
loop execute format('comment on column %s is ''none''', said); end loop; end $$;

comment on column activity_days.user_id is 'person; exported; erased';
comment on column activity_days.day is 'personal; exported; erased';
comment on column activity_days.quarters is 'personal; exported; erased';

comment on column announcements.user_id is 'person; not exported: the fact that caused it is; kept: gone when all are told';

comment on column assistant_days.user_id is 'person; not exported: a count of what is exported; erased';
comment on column assistant_days.day is 'personal; not exported: a count of what is exported; erased';
comment on column assistant_days.begun is 'personal; not exported: a count of what is exported; erased';

comment on column assistant_outputs.user_id is 'person; exported; erased';
comment on column assistant_outputs.content is 'personal; exported; erased';
comment on column assistant_outputs.created_at is 'personal; exported; erased';

comment on column assistant_usage.user_id is 'person; exported; erased';
comment on column assistant_usage.day is 'personal; not exported: as the moment it began; erased';
comment on column assistant_usage.task is 'personal; exported; erased';
comment on column assistant_usage.model is 'personal; exported; erased';
comment on column assistant_usage.began_at is 'personal; exported; erased';
comment on column assistant_usage.ended_at is 'personal; not exported: as how long it took; erased';
comment on column assistant_usage.outcome is 'personal; exported; erased';
comment on column assistant_usage.fault is 'personal; exported; erased';
comment on column assistant_usage.tries is 'personal; exported; erased';
comment on column assistant_usage.input_tokens is 'personal; exported; erased';
comment on column assistant_usage.output_tokens is 'personal; exported; erased';

comment on column attempts.enrollment_id is 'person; exported; erased';
comment on column attempts.user_id is 'person; exported; erased';
comment on column attempts.number is 'personal; exported; erased';
comment on column attempts.status is 'personal; exported; erased';
comment on column attempts.started_at is 'personal; exported; erased';
comment on column attempts.deadline is 'personal; exported; erased';
comment on column attempts.submitted_at is 'personal; exported; erased';
comment on column attempts.questions is 'personal; exported; erased';
comment on column attempts.answer_key is 'personal; not exported: what would have been right is the school''s; erased';
comment on column attempts.answers is 'personal; exported; erased';
comment on column attempts.score_percent is 'personal; exported; erased';
comment on column attempts.passed is 'personal; exported; erased';
comment on column attempts.results is 'personal; exported; erased';
comment on column attempts.active_at is 'personal; not exported: as the last of the moments that are; erased';

comment on column blocks.blocker_id is 'person; exported; erased';
comment on column blocks.blocked_id is 'person; not exported: who was blocked is not told by whom; erased';
comment on column blocks.created_at is 'personal; exported; erased';

comment on column call_parties.user_id is 'person; not exported: there while a call lasts; erased';
comment on column call_parties.socket_id is 'personal; not exported: a device, while a call lasts; erased';
comment on column call_parties.seen_at is 'personal; not exported: while a call lasts; erased';

comment on column calls.caller_id is 'person; exported; kept: the list of calls is the other''s as well';
comment on column calls.callee_id is 'person; exported; kept: the list of calls is the other''s as well';
comment on column calls.media is 'personal; exported; kept: the list of calls is the other''s as well';
comment on column calls.state is 'personal; exported; kept: the list of calls is the other''s as well';
comment on column calls.created_at is 'personal; exported; kept: the list of calls is the other''s as well';
comment on column calls.answered_at is 'personal; exported; kept: the list of calls is the other''s as well';
comment on column calls.ended_at is 'personal; exported; kept: the list of calls is the other''s as well';
comment on column calls.end_reason is 'personal; not exported: the state says it; kept: the list of calls is the other''s as well';

comment on column certificates.user_id is 'person; exported; kept: a certificate can be verified as long as there are copies of it';
comment on column certificates.code is 'personal; exported; kept: a certificate can be verified as long as there are copies of it';
comment on column certificates.holder is 'personal; exported; erased';
comment on column certificates.completed_at is 'personal; exported; kept: a certificate can be verified as long as there are copies of it';
comment on column certificates.issued_at is 'personal; exported; kept: a certificate can be verified as long as there are copies of it';
comment on column certificates.token is 'personal; exported; erased';
comment on column certificates.revoked_at is 'personal; exported; kept: a certificate can be verified as long as there are copies of it';
comment on column certificates.revoke_reason is 'personal; exported; kept: a certificate can be verified as long as there are copies of it';

comment on column conversations.low_id is 'person; exported; kept: the conversation is the other''s as well';
comment on column conversations.high_id is 'person; exported; kept: the conversation is the other''s as well';
comment on column conversations.last_at is 'personal; not exported: as the time of the last message; kept: the conversation is the other''s as well';
comment on column conversations.low_read is 'personal; not exported: a count of what is unread; kept: a number';
comment on column conversations.high_read is 'personal; not exported: a count of what is unread; kept: a number';
comment on column conversations.low_unread is 'personal; not exported: a count of what is unread; kept: a number';
comment on column conversations.high_unread is 'personal; not exported: a count of what is unread; kept: a number';

comment on column coupon_redemptions.user_id is 'person; not exported: the payment tells of the discount; kept: the books of the school say who paid what, by the id of an account without a name';
comment on column coupon_redemptions.at is 'personal; not exported: the payment tells of the discount; kept: the books of the school say who paid what, by the id of an account without a name';

comment on column coupons.created_by is 'person; not exported: the fact of its making is; kept: who made what the school sells';

comment on column course_instructors.user_id is 'person; not exported: the courses are public, with their instructors; kept: who taught a course, by the id of an account without a name';

comment on column enrollment_entitlements.source is 'personal; not exported: as the enrollment; kept: that a place was taken stays, under an account without a name';
comment on column enrollment_entitlements.granted_by is 'person; not exported: who granted is not theirs; kept: that a place was taken stays, under an account without a name';
comment on column enrollment_entitlements.granted_at is 'personal; not exported: as the moments of the enrollment; kept: that a place was taken stays, under an account without a name';
comment on column enrollment_entitlements.revoked_at is 'personal; not exported: as the moments of the enrollment; kept: that a place was taken stays, under an account without a name';
comment on column enrollment_entitlements.revoke_reason is 'personal; not exported: a word of the program; kept: that a place was taken stays, under an account without a name';

comment on column enrollment_facts.enrollment_id is 'person; not exported: as the lessons are; erased';
comment on column enrollment_facts.completed_lessons is 'personal; not exported: counted from what is exported; erased';
comment on column enrollment_facts.last_activity_at is 'personal; not exported: as the last of the moments that are; erased';

comment on column enrollment_history.from_status is 'personal; not exported: as the enrollment; kept: that a place was taken stays, under an account without a name';
comment on column enrollment_history.to_status is 'personal; not exported: as the enrollment; kept: that a place was taken stays, under an account without a name';
comment on column enrollment_history.user_id is 'person; not exported: who changed it is not theirs; kept: that a place was taken stays, under an account without a name';
comment on column enrollment_history.reason is 'personal; not exported: a word of the program; kept: that a place was taken stays, under an account without a name';
comment on column enrollment_history.at is 'personal; not exported: as the moments of the enrollment; kept: that a place was taken stays, under an account without a name';

comment on column enrollments.id is 'personal; exported; kept: that a place was taken stays, under an account without a name';
comment on column enrollments.user_id is 'person; exported; kept: that a place was taken stays, under an account without a name';
comment on column enrollments.status is 'personal; exported; kept: that a place was taken stays, under an account without a name';
comment on column enrollments.source is 'personal; not exported: a word of the program; kept: that a place was taken stays, under an account without a name';
comment on column enrollments.created_at is 'personal; exported; kept: that a place was taken stays, under an account without a name';
comment on column enrollments.activated_at is 'personal; exported; kept: that a place was taken stays, under an account without a name';
comment on column enrollments.completed_at is 'personal; exported; kept: that a place was taken stays, under an account without a name';
comment on column enrollments.cancelled_at is 'personal; exported; kept: that a place was taken stays, under an account without a name';
comment on column enrollments.pending_since is 'personal; not exported: for the clock that ends what is not paid; kept: that a place was taken stays, under an account without a name';

comment on column events.type is 'personal; exported; kept: what happened stays on record, with ids and without names';
comment on column events.user_id is 'person; exported; kept: what happened stays on record, with ids and without names';
comment on column events.occurred_at is 'personal; exported; kept: what happened stays on record, with ids and without names';
comment on column events.payload is 'personal; exported; kept: what happened stays on record, with ids and without names';
comment on column events.actor_role is 'personal; exported; kept: what happened stays on record, with ids and without names';
comment on column events.request_id is 'personal; exported; kept: what happened stays on record, with ids and without names';
comment on column events.address is 'personal; exported; erased';
comment on column events.subjects is 'person; not exported: what others did is told where it lies; kept: what happened stays on record, with ids and without names';

comment on column exam_passes.enrollment_id is 'person; exported; erased';
comment on column exam_passes.passed_at is 'personal; exported; erased';

comment on column extra_attempts.user_id is 'person; exported; erased';
comment on column extra_attempts.count is 'personal; exported; erased';

comment on column friendships.from_id is 'person; exported; erased';
comment on column friendships.to_id is 'person; exported; erased';
comment on column friendships.requested_at is 'personal; exported; erased';
comment on column friendships.accepted_at is 'personal; exported; erased';

comment on column guardian_codes.code_hash is 'secret; not exported: of a code that opens something; erased';
comment on column guardian_codes.child_id is 'person; not exported: gone after a day; erased';
comment on column guardian_codes.expires_at is 'personal; not exported: gone after a day; erased';

comment on column guardian_links.parent_id is 'person; exported; erased';
comment on column guardian_links.child_id is 'person; exported; erased';
comment on column guardian_links.created_at is 'personal; exported; erased';

comment on column idempotency_keys.user_id is 'person; not exported: gone after a day; erased';
comment on column idempotency_keys.key is 'personal; not exported: gone after a day; erased';
comment on column idempotency_keys.fingerprint is 'personal; not exported: gone after a day; erased';
comment on column idempotency_keys.response is 'personal; not exported: gone after a day; erased';
comment on column idempotency_keys.created_at is 'personal; not exported: gone after a day; erased';

comment on column identities.issuer is 'personal; exported; erased: after a day, in which a bearer of the provider may not make the account anew';
comment on column identities.subject is 'personal; exported; erased: after a day, in which a bearer of the provider may not make the account anew';
comment on column identities.user_id is 'person; exported; erased: after a day';
comment on column identities.created_at is 'personal; exported; erased: after a day, in which a bearer of the provider may not make the account anew';

comment on column last_seen.user_id is 'person; exported; erased';
comment on column last_seen.seen_at is 'personal; exported; erased';

comment on column lesson_progress.enrollment_id is 'person; exported; erased';
comment on column lesson_progress.completed_at is 'personal; exported; erased';
comment on column lesson_progress.position_seconds is 'personal; exported; erased';
comment on column lesson_progress.updated_at is 'personal; not exported: as the moments that are; erased';
comment on column lesson_progress.quiz_passed_at is 'personal; exported; erased';

comment on column media.user_id is 'person; exported; kept: a file that courses use is the school''s, and what nothing uses is deleted';
comment on column media.status is 'personal; exported; kept: a file that courses use is the school''s, and what nothing uses is deleted';
comment on column media.kind is 'personal; exported; kept: a file that courses use is the school''s, and what nothing uses is deleted';
comment on column media.content_type is 'personal; exported; kept: a file that courses use is the school''s, and what nothing uses is deleted';
comment on column media.file_name is 'personal; exported; kept: a file that courses use is the school''s, and what nothing uses is deleted';
comment on column media.bytes is 'personal; exported; kept: a file that courses use is the school''s, and what nothing uses is deleted';
comment on column media.upload_metadata is 'personal; not exported: the name and type again, as the browser sent them; kept: a file that courses use is the school''s, and what nothing uses is deleted';
comment on column media.created_at is 'personal; exported; kept: a file that courses use is the school''s, and what nothing uses is deleted';
comment on column media.touched_at is 'personal; not exported: technical; kept: a file that courses use is the school''s, and what nothing uses is deleted';

comment on column media_usage.user_id is 'person; not exported: a sum; erased';
comment on column media_usage.bytes is 'personal; not exported: a sum; erased';

comment on column messages.sequence is 'personal; exported; kept: its place in the conversation';
comment on column messages.sender_id is 'person; exported; kept: its place in the conversation, which is the other''s as well';
comment on column messages.client_id is 'personal; not exported: a number that the app made up; erased';
comment on column messages.text is 'personal; exported; erased';
comment on column messages.media_id is 'personal; exported; erased';
comment on column messages.created_at is 'personal; exported; kept: its place in the conversation';
comment on column messages.read_at is 'personal; not exported: when the other read it is the other''s; kept: its place in the conversation';

comment on column notification_choices.user_id is 'person; exported; erased';
comment on column notification_choices.kind is 'personal; exported; erased';
comment on column notification_choices.in_app is 'personal; exported; erased';
comment on column notification_choices.email is 'personal; exported; erased';

comment on column notification_settings.user_id is 'person; exported; erased';
comment on column notification_settings.digest is 'personal; exported; erased';
comment on column notification_settings.next_digest_at is 'personal; not exported: when the clock looks again; erased';

comment on column notifications.id is 'personal; exported; erased';
comment on column notifications.user_id is 'person; exported; erased';
comment on column notifications.kind is 'personal; exported; erased';
comment on column notifications.title is 'personal; exported; erased';
comment on column notifications.body is 'personal; exported; erased';
comment on column notifications.data is 'personal; exported; erased';
comment on column notifications.in_app is 'personal; not exported: by which channel; erased';
comment on column notifications.created_at is 'personal; exported; erased';
comment on column notifications.read_at is 'personal; exported; erased';
comment on column notifications.email is 'personal; not exported: by which channel; erased';
comment on column notifications.emailed_at is 'personal; exported; erased';

comment on column one_time_links.id is 'secret; not exported: with a key it opens something; erased';
comment on column one_time_links.purpose is 'personal; exported; erased';
comment on column one_time_links.user_id is 'person; exported; erased';
comment on column one_time_links.email is 'personal; exported; erased';
comment on column one_time_links.created_at is 'personal; exported; erased';
comment on column one_time_links.expires_at is 'personal; exported; erased';
comment on column one_time_links.used_at is 'personal; exported; erased';

comment on column payment_captures.capture_reference is 'personal; not exported: the gateway''s own number; kept: the books of the school say who paid what, by the id of an account without a name';
comment on column payment_captures.captured_at is 'personal; not exported: as the payment''s; kept: the books of the school say who paid what, by the id of an account without a name';

comment on column payment_history.from_status is 'personal; not exported: as the payment; kept: the books of the school say who paid what, by the id of an account without a name';
comment on column payment_history.to_status is 'personal; not exported: as the payment; kept: the books of the school say who paid what, by the id of an account without a name';
comment on column payment_history.user_id is 'person; not exported: who changed it is not theirs; kept: the books of the school say who paid what, by the id of an account without a name';
comment on column payment_history.reason is 'personal; not exported: as the payment''s failure and refunds; kept: the books of the school say who paid what, by the id of an account without a name';
comment on column payment_history.at is 'personal; not exported: as the payment''s moments; kept: the books of the school say who paid what, by the id of an account without a name';

comment on column payments.id is 'personal; exported; kept: the books of the school say who paid what, by the id of an account without a name';
comment on column payments.user_id is 'person; exported; kept: the books of the school say who paid what, by the id of an account without a name';
comment on column payments.gateway is 'personal; exported; kept: the books of the school say who paid what, by the id of an account without a name';
comment on column payments.status is 'personal; exported; kept: the books of the school say who paid what, by the id of an account without a name';
comment on column payments.amount is 'personal; exported; kept: the books of the school say who paid what, by the id of an account without a name';
comment on column payments.currency is 'personal; exported; kept: the books of the school say who paid what, by the id of an account without a name';
comment on column payments.list_amount is 'personal; not exported: the price of the course then; kept: the books of the school say who paid what, by the id of an account without a name';
comment on column payments.refunded_amount is 'personal; exported; kept: the books of the school say who paid what, by the id of an account without a name';
comment on column payments.reference is 'personal; not exported: the gateway''s own number; kept: the books of the school say who paid what, by the id of an account without a name';
comment on column payments.checkout is 'personal; not exported: an address at the gateway that has expired; kept: the books of the school say who paid what, by the id of an account without a name';
comment on column payments.capture_reference is 'personal; not exported: the gateway''s own number; kept: the books of the school say who paid what, by the id of an account without a name';
comment on column payments.failure_reason is 'personal; exported; kept: the books of the school say who paid what, by the id of an account without a name';
comment on column payments.created_at is 'personal; exported; kept: the books of the school say who paid what, by the id of an account without a name';
comment on column payments.captured_at is 'personal; exported; kept: the books of the school say who paid what, by the id of an account without a name';

comment on column quiz_results.enrollment_id is 'person; not exported: as the attempts are; erased';
comment on column quiz_results.attempts is 'personal; not exported: counted from the attempts, which are; erased';
comment on column quiz_results.best_percent is 'personal; not exported: counted from the attempts, which are; erased';
comment on column quiz_results.passed_at is 'personal; not exported: counted from the attempts, which are; erased';
comment on column quiz_results.last_at is 'personal; not exported: counted from the attempts, which are; erased';

comment on column refresh_tokens.hash is 'secret; not exported: of what opens the account; erased: with the session, 30 days after its end';
comment on column refresh_tokens.session_id is 'person; not exported: as the sessions are; erased: with the session, 30 days after its end';
comment on column refresh_tokens.issued_at is 'personal; not exported: as the sessions are; erased: with the session, 30 days after its end';
comment on column refresh_tokens.rotated_at is 'personal; not exported: as the sessions are; erased: with the session, 30 days after its end';

comment on column refunds.capture_reference is 'personal; not exported: the gateway''s own number; kept: the books of the school say who paid what, by the id of an account without a name';
comment on column refunds.amount is 'personal; exported; kept: the books of the school say who paid what, by the id of an account without a name';
comment on column refunds.currency is 'personal; exported; kept: the books of the school say who paid what, by the id of an account without a name';
comment on column refunds.reason is 'personal; exported; kept: the books of the school say who paid what, by the id of an account without a name';
comment on column refunds.status is 'personal; exported; kept: the books of the school say who paid what, by the id of an account without a name';
comment on column refunds.requested_by is 'person; not exported: who requested it is not theirs; kept: the books of the school say who paid what, by the id of an account without a name';
comment on column refunds.requested_at is 'personal; exported; kept: the books of the school say who paid what, by the id of an account without a name';
comment on column refunds.done_at is 'personal; exported; kept: the books of the school say who paid what, by the id of an account without a name';

comment on column reviews.user_id is 'person; exported; erased';
comment on column reviews.stars is 'personal; exported; kept: stars count in the average of the course, without text and author';
comment on column reviews.text is 'personal; exported; erased';
comment on column reviews.created_at is 'personal; exported; kept: stars count in the average of the course, without text and author';
comment on column reviews.updated_at is 'personal; exported; kept: stars count in the average of the course, without text and author';

comment on column sessions.id is 'personal; exported; erased: with the session, 30 days after its end';
comment on column sessions.user_id is 'person; exported; erased: with the session, 30 days after its end';
comment on column sessions.user_agent is 'personal; exported; erased';
comment on column sessions.address is 'personal; exported; erased';
comment on column sessions.native is 'personal; not exported: how the token travels; erased: with the session, 30 days after its end';
comment on column sessions.created_at is 'personal; exported; erased: with the session, 30 days after its end';
comment on column sessions.last_used_at is 'personal; exported; erased: with the session, 30 days after its end';
comment on column sessions.expires_at is 'personal; exported; erased: with the session, 30 days after its end';
comment on column sessions.revoked_at is 'personal; exported; erased: with the session, 30 days after its end';
comment on column sessions.revoked_reason is 'personal; exported; erased: with the session, 30 days after its end';

comment on column users.id is 'person; exported; kept: all that is kept points to it';
comment on column users.email is 'personal; exported; erased';
comment on column users.email_verified_at is 'personal; exported; erased';
comment on column users.password_hash is 'secret; not exported: of what opens the account; erased';
comment on column users.name is 'personal; exported; erased';
comment on column users.role is 'personal; exported; kept: by which rights the facts were made';
comment on column users.status is 'personal; exported; kept: says that the account is deleted';
comment on column users.headline is 'personal; exported; erased';
comment on column users.bio is 'personal; exported; erased';
comment on column users.locale is 'personal; exported; erased';
comment on column users.timezone is 'personal; exported; erased';
comment on column users.avatar_key is 'personal; exported; erased';
comment on column users.created_at is 'personal; exported; kept: when the account was made';
comment on column users.updated_at is 'personal; not exported: as the moments that are; kept: when it was deleted';
comment on column users.search is 'personal; not exported: made of name and address; erased';

comment on column webhook_inbox.event is 'personal; not exported: the gateway''s word for what the payment says; kept: the books of the school say who paid what, by the id of an account without a name';
