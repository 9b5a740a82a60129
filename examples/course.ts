import type { Course } from '../client/src/index.ts'
import { element } from './element.ts'
import { priceOf } from './price.ts'
import type { School } from './school.ts'

/** A course: what is in it, and the way in. */
export async function courseView(school: School, id: string): Promise<HTMLElement> {
  const { client } = school
  const course = await client.courses.get(id)
  const enrolled = ['active', 'completed'].includes(course.viewer?.enrollment?.status ?? '')
  const teacher = course.instructors[0]
  return element(
    'section',
    {},
    element('h1', {}, course.title),
    element('p', {}, course.subtitle ?? ''),
    client.session.user
      ? enrolled
        ? await insideView(school, course)
        : wayIn(school, course)
      : element('p', {}, 'Sign in to begin.'),
    enrolled && teacher
      ? element('p', {}, element('a', { href: `#/chat/${teacher.id}` }, `Ask ${teacher.name}`))
      : null,
  )
}

/** Free courses begin at once; for others the gateway asks for money, on its own page. */
function wayIn({ client, realtime, fail, show }: School, course: Course): HTMLElement {
  const place = element('p', {})
  const begin = async () => {
    const enrollment = await client.enrollments.create({ courseId: course.id })
    if (enrollment.status === 'active') return show()
    const { checkout } = await client.payments.create({ courseId: course.id, gateway: 'simulator' })
    if (checkout?.type !== 'redirect') return show()
    place.replaceChildren(
      element('a', { href: checkout.url, target: '_blank', rel: 'noopener' }, 'Pay at the simulator'),
    )
    // The payment is told when the gateway has told it, on whatever page it was made.
    const end = realtime.on('notification', ({ kind }) => {
      if (kind !== 'payment' && kind !== 'enrollment') return
      end()
      void show()
    })
  }
  place.append(
    element(
      'button',
      { onclick: () => begin().catch(fail) },
      course.price ? `Buy for ${priceOf(course)}` : 'Enroll',
    ),
  )
  return place
}

async function insideView({ client, fail }: School, { id }: Course): Promise<HTMLElement> {
  const [{ sections }, progress] = await Promise.all([client.courses.getOutline(id), client.progress.get(id)])
  const complete = progress.course.percent === 100
  const openCertificate = async () => {
    const certificate = await client.certificates.generate({ courseId: id })
    const file = await client.certificates.download(certificate.id)
    const link = element(
      'a',
      { href: URL.createObjectURL(file), download: 'certificate.pdf' },
      `Save ${certificate.code}`,
    )
    button.replaceWith(link)
  }
  const button = element('button', { onclick: () => openCertificate().catch(fail) }, 'Certificate')
  return element(
    'div',
    {},
    element('progress', { max: 100, value: progress.course.percent }),
    ` ${progress.course.percent}%`,
    ...sections.map(({ title, lessons }) =>
      element(
        'div',
        {},
        element('h2', {}, title),
        element(
          'ol',
          {},
          ...lessons.map((lesson) =>
            element(
              'li',
              { className: lesson.state },
              element('a', { href: `#/courses/${id}/lessons/${lesson.id}` }, lesson.title),
            ),
          ),
        ),
      ),
    ),
    complete ? button : null,
  )
}
