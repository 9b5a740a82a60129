import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { Fact } from '../../platform/events/events.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import { type CourseFactsRow, findCourseFacts, findLessonTitles } from '../catalogue/index.ts'
import { startAnnouncement } from './announce-course.ts'
import { insertNews, lockNews, updateNews } from './announcement-queries.ts'
import { tellNews } from './job-types.ts'
import { newsDueAt } from './rules.ts'
import { newsWords } from './words.ts'

/** A lesson that came after the course was published is news to its students. */
export async function noteLesson(tx: Tx, fact: Fact<{ courseId: string; lessonId: string }>): Promise<void> {
  const { courseId, lessonId } = fact.payload
  const course = await findCourseFacts(tx, courseId)
  if (!isOpen(course) || !course.published_at || course.published_at >= fact.at) return
  const toldAt = await insertNews(tx, { courseId, lessonId })
  await queueNews(tx, courseId, newsDueAt(fact.at, toldAt))
}

/** Tells the students of a course of all lessons that came since they last heard: once in 24 hours at most. */
export async function tellLessonNews(tx: Tx, cause: Cause, courseId: string): Promise<void> {
  const news = await lockNews(tx, courseId)
  if (!news || news.lesson_ids.length === 0) return
  const dueAt = news.told_at && newsDueAt(news.told_at, news.told_at)
  if (dueAt && dueAt > cause.at) return queueNews(tx, courseId, dueAt)
  const course = await findCourseFacts(tx, courseId)
  const titles = await findLessonTitles(tx, news.lesson_ids)
  const isNews = isOpen(course) && titles.length > 0
  await updateNews(tx, { courseId, toldAt: isNews ? cause.at : news.told_at })
  if (!isNews) return
  const data = { event: 'lesson.added', courseId, lessonIds: news.lesson_ids }
  const told = { kind: 'lesson_added' as const, courseId, data, ...newsWords(course.title, titles) }
  await startAnnouncement(tx, cause, told)
}

function queueNews(tx: Tx, courseId: string, runAt: Date): Promise<void> {
  return addJob(tx, tellNews, { courseId }, { runAt, key: `${tellNews.name}:${courseId}` })
}

function isOpen(course: CourseFactsRow | undefined): course is CourseFactsRow {
  return course?.status === 'published' && course.hidden_at === null
}
