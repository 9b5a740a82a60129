import { quoted, type Words } from '../notifications/index.ts'

const mostNamed = 5

function listed(names: readonly string[]): string {
  const named = names.slice(0, mostNamed).map(quoted)
  const more = names.length - named.length
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ')
}

export function unpaidWords(course: string): Words {
  return {
    title: `Your place in ${quoted(course)} waits for its payment`,
    body: `You began to enroll in the course ${quoted(course)}, and it is not paid yet. Go on from the course; after 24 hours the place is given up.`,
  }
}

export function openedWords(course: string, lessons: readonly string[]): Words {
  return {
    title:
      lessons.length === 1
        ? `A lesson of ${quoted(course)} has opened`
        : `${lessons.length} lessons of ${quoted(course)} have opened`,
    body: `Open for you now: ${listed(lessons)}.`,
  }
}

export function endingWords(
  quiz: string,
  { course, minutesLeft }: { course: string; minutesLeft: number },
): Words {
  const left = minutesLeft < 120 ? `${minutesLeft} minutes` : `${Math.round(minutesLeft / 60)} hours`
  return {
    title: `Your time for ${quoted(quiz)} ends soon`,
    body: `In about ${left} your attempt at ${quoted(quiz)} of the course ${quoted(course)} is closed, and counts as you have saved it. Hand it in before.`,
  }
}

export function idleWords(courses: readonly string[], days: number): Words {
  const since = days === 7 ? 'for a week' : `for ${days} days`
  return {
    title: courses.length === 1 ? `${listed(courses)} waits for you` : 'Your courses wait for you',
    body: `You have done nothing ${since} in: ${listed(courses)}. Go on where you stopped.`,
  }
}
