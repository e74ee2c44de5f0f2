import { Alert, Code } from '@mantine/core'
import type { ReactNode } from 'react'
import { useSearch } from 'wouter/use-browser-location'
import { useIgnoredParameters } from './ignored-parameters.js'

/** Says which values of the link have no effect, for example those with a typing error. */
export function IgnoredParametersAlert(): ReactNode {
  const ignored = useIgnoredParameters(useSearch())
  if (ignored.length === 0) return undefined
  return (
    <Alert color="yellow" role="status" title="A value in the link has no effect">
      This page has no such choice:{' '}
      {ignored.map((parameter, index) => (
        <span key={parameter}>
          {index > 0 && ', '}
          <Code className="secret">{parameter}</Code>
        </span>
      ))}
      . The link may have a typing error, or come from another version of the playground. The page shows its default instead.
    </Alert>
  )
}
