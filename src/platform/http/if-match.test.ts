import { describe, expect, it } from 'vitest'
import { requireVersion } from './if-match.ts'

describe('requireVersion', () => {
  it.each([[undefined], ['*'], ['"7"'], ['"7-x_Y-z"'], ['"6", "7"'], ['"other" , "7-a"']])(
    'lets %j through for version 7',
    (header) => expect(() => requireVersion(7, header)).not.toThrow(),
  )

  it('lets "0" through, and nothing, where there is none yet; * needs one', () => {
    for (const header of [undefined, '"0"']) expect(() => requireVersion(0, header)).not.toThrow()
    for (const header of ['*', ' * ', '"1"']) expect(() => requireVersion(0, header)).toThrow(/changed/)
  })

  it.each([[''], ['7'], ['"6"'], ['"70"'], ['"07"'], ['W/"7"'], ['W/"7", "8"'], ['"x-7"'], ['"7']])(
    'refuses %j for version 7',
    (header) => expect(() => requireVersion(7, header)).toThrow(/changed/),
  )
})
