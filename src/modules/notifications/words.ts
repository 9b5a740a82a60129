import { formatMoney, type Money } from '../../platform/money.ts'

/** What people read of a fact: a line, and what it means for them. Plain text: each channel escapes it in its own way. */
export interface Words {
  readonly title: string
  readonly body: string
}

const oneCourse = {
  enrolled: (course: string) => ({
    title: `You are enrolled in ${course}`,
    body: `The course ${course} is open for you.`,
  }),
  enrollmentEnded: (course: string) => ({
    title: `Your enrollment in ${course} has ended`,
    body: `You are no longer enrolled in the course ${course}.`,
  }),
  notPaidInTime: (course: string) => ({
    title: `Your place in ${course} was given up`,
    body: `The course ${course} was not paid for in time. Enroll again whenever you like.`,
  }),
  published: (course: string) => ({
    title: `${course} is published`,
    body: `Your course ${course} is in the catalogue for everybody to see.`,
  }),
  opened: (course: string) => ({
    title: `${course} has opened`,
    body: `The course ${course}, in which you are enrolled, is published now.`,
  }),
  shown: (course: string) => ({
    title: `Your course ${course} is shown again`,
    body: `An admin of the school shows your course ${course} again.`,
  }),
  certified: (course: string) => ({
    title: `Your certificate for ${course}`,
    body: `You have completed the course ${course}. Your certificate is ready.`,
  }),
} satisfies Readonly<Record<string, (course: string) => Words>>

/** Words about nothing but a course. */
export function courseWords(about: keyof typeof oneCourse, course: string): Words {
  return oneCourse[about](quoted(course))
}

export function hiddenWords(course: string, reason: string): Words {
  return {
    title: `Your course ${quoted(course)} is hidden`,
    body: `An admin of the school has hidden your course ${quoted(course)}. Those who are enrolled go on; nobody else sees it, and it takes nobody in.\n\nThe reason:\n\n${isolated(reason)}`,
  }
}

const mostTitles = 5

export function newsWords(course: string, lessons: readonly string[]): Words {
  const named = lessons.slice(0, mostTitles).map(quoted)
  const more = lessons.length - named.length
  const listed = more > 0 ? [...named, `${more} more`] : named
  return {
    title:
      lessons.length === 1
        ? `New lesson in ${quoted(course)}`
        : `${lessons.length} new lessons in ${quoted(course)}`,
    body: `There is something new to learn: ${listed.join(', ')}.`,
  }
}

const payments = {
  captured: (amount: string, course: string) => ({
    title: `You have paid ${amount}`,
    body: `Thank you. We have received ${amount} for the course ${course}. The receipt is among your purchases.`,
  }),
  failed: (_amount: string, course: string) => ({
    title: 'Your payment did not succeed',
    body: `The payment for the course ${course} did not succeed. What may have been taken goes back by itself. Try again from the course.`,
  }),
  refunded: (amount: string, course: string) => ({
    title: `${amount} went back to you`,
    body: `We have given back ${amount} of what you paid for the course ${course}. It may take some days to show up.`,
  }),
  returned: (amount: string, course: string) => ({
    title: `${amount} are on their way back to you`,
    body: `A payment of ${amount} for the course ${course} came in that pays for nothing, such as a second one. It goes back to you by itself.`,
  }),
} satisfies Readonly<Record<string, (amount: string, course: string) => Words>>

export function paymentWords(what: keyof typeof payments, money: Money | null, course: string): Words {
  return payments[what](money === null ? '' : formatMoney(money, 'en'), quoted(course))
}

interface Result {
  readonly quiz: string
  readonly course: string
  readonly scorePercent: number
  readonly passed: boolean
}

export function resultWords({ quiz, course, scorePercent, passed }: Result): Words {
  return {
    title: `${quoted(quiz)}: ${scorePercent} %, ${passed ? 'passed' : 'not passed'}`,
    body: `You have reached ${scorePercent} % in ${quoted(quiz)} of the course ${quoted(course)}, and ${passed ? 'have' : 'have not'} passed.`,
  }
}

export function childResultWords(child: string, { quiz, course, scorePercent, passed }: Result): Words {
  return {
    title: `${isolated(child)}: ${scorePercent} % in ${quoted(quiz)}`,
    body: `${isolated(child)} has reached ${scorePercent} % in ${quoted(quiz)} of the course ${quoted(course)}, and ${passed ? 'has' : 'has not'} passed.`,
  }
}

export function childCertificateWords(child: string, course: string): Words {
  return {
    title: `${isolated(child)} has earned a certificate`,
    body: `${isolated(child)} has completed the course ${quoted(course)}.`,
  }
}

const changes = {
  changed: 'It was changed by somebody who knew the old one.',
  reset: 'It was set by the link in a mail to this address.',
  set_by_operator: 'It was set by whoever runs the school’s server.',
} as const

export function passwordWords(how: keyof typeof changes): Words {
  return {
    title: 'Your password was changed',
    body: `${changes[how]} If that was not you, set a new password by “forgot password” where you sign in, and sign out everywhere.`,
  }
}

export function signInWords(program: string, address: string): Words {
  return {
    title: 'New sign-in to your account',
    body: `Somebody signed in to your account by ${program}, from the address ${address}. If that was not you, change your password and sign out everywhere.`,
  }
}

export function identityWords(issuer: string): Words {
  return {
    title: 'A new way to sign in to your account',
    body: `Your account was linked with ${issuer}: whoever signs in there gets in here. If that was not you, tell the school.`,
  }
}

const onePerson = {
  friendRequested: (person: string) => ({
    title: `${person} would like to be your friend`,
    body: `${person} would like to be your friend. Accept or decline the request among your friends.`,
  }),
  friendAccepted: (person: string) => ({
    title: `${person} is your friend now`,
    body: `${person} has accepted your request: you can write to and call one another.`,
  }),
  wrote: (person: string) => ({
    title: `${person} has written to you`,
    body: `A message from ${person} waits for you.`,
  }),
  called: (person: string) => ({
    title: `You missed a call from ${person}`,
    body: `${person} called, and you did not take the call. Call back whenever you like.`,
  }),
} satisfies Readonly<Record<string, (person: string) => Words>>

/** Words about nothing but a person. */
export function personWords(about: keyof typeof onePerson, person: string): Words {
  return onePerson[about](isolated(person))
}

/** The name of a thing, in a sentence. */
export function quoted(name: string): string {
  return `“${isolated(name)}”`
}

/**
 * A name that people gave, so that its direction stays its own: what is written from right to left, or turns the direction, is put
 * between FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE (UAX #9, section 2.4), without its own such signs.
 */
function isolated(name: string): string {
  const plain = name.replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
  return /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/.test(plain) ? `\u2068${plain}\u2069` : plain
}
