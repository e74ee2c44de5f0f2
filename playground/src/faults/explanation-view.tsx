import type { ReactNode } from 'react'
import { FactList } from '../ui/fact-list.js'
import { SpecLink } from '../ui/spec-link.js'
import type { Explanation } from './explanation.js'

/** What was expected, what was received, which rule says so, and what would have happened without the check; nothing without a fault. */
export function ExplanationView({ of: explanation }: { readonly of: Explanation | undefined }): ReactNode {
  if (!explanation) return undefined
  const { expected, received, rule, withoutCheck, fix } = explanation
  return (
    <FactList
      facts={[
        ['Expected', expected],
        ['Received', received],
        ['Rule', <SpecLink key="rule" citation={rule} />],
        ['Fix', fix],
        ['Without this check', withoutCheck],
      ]}
    />
  )
}
