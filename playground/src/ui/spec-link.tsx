import { Anchor } from '@mantine/core'
import type { ReactNode } from 'react'
import { specReference } from '../guide/spec-reference.js'

/** A citation as a link to the section; plain text if the document is unknown. */
export function SpecLink({ citation }: { readonly citation: string }): ReactNode {
  return citation.split('; ').map((part, index) => {
    const reference = specReference(part)
    return (
      <span key={part}>
        {index > 0 && '; '}
        {reference ? (
          <Anchor href={reference.href} target="_blank" rel="noreferrer" inherit c="inherit" underline="always">
            {reference.name}
          </Anchor>
        ) : (
          part
        )}
      </span>
    )
  })
}
