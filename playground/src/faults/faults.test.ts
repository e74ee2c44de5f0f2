import { describe, expect, it } from 'vitest'
import { specReference } from '../guide/spec-reference.js'
import { backChannelFaults, frontChannelFaults } from '../logout/logout-faults.js'
import { explanationOf, type TamperingName, tamperings } from '../oauth1/tamperings.js'
import { accountFaults } from './account-faults.js'
import { assertionFaults } from './assertion-faults.js'
import type { Explanation } from './explanation.js'
import { faults } from './faults.js'
import { sessionFaults } from './session-fault-list.js'

const explained: readonly (readonly [string, Explanation])[] = [
  ...[...faults, ...accountFaults, ...assertionFaults, ...sessionFaults, ...backChannelFaults, ...frontChannelFaults].map(
    (fault) => [`${fault.label} (${fault.id})`, fault] as const,
  ),
  ...(Object.keys(tamperings) as TamperingName[]).map((name) => [`OAuth 1.0a: ${name}`, explanationOf(name)] as const),
]

describe('the faults', () => {
  it('have different IDs, which are in the URLs of pages', () => {
    const ids = faults.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it.each(explained)('%s: says what was expected and received, and links to the section', (_, explanation) => {
    const { expected, received, rule, withoutCheck } = explanation
    expect(expected).not.toBe(received)
    expect(withoutCheck).toMatch(/^[A-Z].*\.$/s)
    // The number of accounts is a limit of the app, of which no specification says anything.
    if (!rule.startsWith('the option')) for (const part of rule.split('; ')) expect(specReference(part)?.href).toContain('#')
  })
})
