import { describe, expect, it } from 'vitest'
import { courseWords, newsWords, personWords } from './words.ts'

describe('names in a sentence', () => {
  it.each([
    ['Git Basics', 'You are enrolled in “Git Basics”'],
    ['Kurs <b>„Brot“</b>', 'You are enrolled in “Kurs <b>„Brot“</b>”'],
    ['مقدمة', 'You are enrolled in “\u2068مقدمة\u2069”'],
    ['שלום', 'You are enrolled in “\u2068שלום\u2069”'],
    // what turns the direction of all that follows
    ['Git \u202Egnp.exe', 'You are enrolled in “Git gnp.exe”'],
    ['Git\u2067 \u2066x', 'You are enrolled in “Git x”'],
  ])('%j', (course, title) => {
    expect(courseWords('enrolled', course).title).toBe(title)
  })
  it('are of people, too', () => {
    expect(personWords('friendRequested', 'ليلى').title).toBe('\u2068ليلى\u2069 would like to be your friend')
  })
})

it.each([
  [['One'], 'New lesson in “Git”', 'There is something new to learn: “One”.'],
  [['One', 'Two'], '2 new lessons in “Git”', 'There is something new to learn: “One”, “Two”.'],
  [
    ['1', '2', '3', '4', '5', '6', '7'],
    '7 new lessons in “Git”',
    'There is something new to learn: “1”, “2”, “3”, “4”, “5”, 2 more.',
  ],
])('news of %j', (lessons, title, body) => {
  expect(newsWords('Git', lessons)).toEqual({ title, body })
})
