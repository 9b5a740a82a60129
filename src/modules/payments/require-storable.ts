import { Compile } from 'typebox/compile'
import { badField } from '../../platform/http/refusal.ts'
import { MoneySchema } from '../../platform/money.ts'
import type { GatewayEvent } from './gateway.ts'

const longest = 255
const money = Compile(MoneySchema)

/**
 * What a gateway signs is what it means to say, not what can be kept: names that are no text or go on for ever, amounts that no column
 * holds.
 * @throws Refusal 400
 */
export function requireStorable(event: GatewayEvent): void {
  for (const said of Object.values(event)) {
    if (typeof said === 'string' && !isName(said))
      throw badField('', 'has a name that is too long, or no text')
    if (typeof said === 'object' && said !== null && !money.Check(said))
      throw badField('', 'has an amount that is no money')
  }
}

function isName(text: string): boolean {
  return text.length <= longest && text.isWellFormed() && !text.includes('\0')
}
