import { Box, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import { specReference } from '../guide/spec-reference.js'
import { SpecLink } from './spec-link.js'

interface PageProps {
  readonly title: string
  /** One or two sentences for somebody who is new to all this. */
  readonly lead: ReactNode
  /** The sections that the page rests on. */
  readonly specs?: readonly string[]
  readonly children: ReactNode
}

/** The path that was shown last: the page that a visit begins with leaves the focus where the browser puts it. */
let shownPath: string | undefined

/** The frame of a scenario: its heading gets the focus when the page was reached by a link, so that a screen reader starts there. */
export function Page({ title, lead, specs = [], children }: PageProps): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · Latchkey playground`
    if (shownPath !== undefined && shownPath !== location.pathname) {
      window.scrollTo(0, 0)
      heading.current?.focus({ preventScroll: true })
    }
    shownPath = location.pathname
  }, [title])
  return (
    <Stack gap="lg" maw="50rem" mx="auto">
      <Box>
        <Title order={1} size="h2" ref={heading} tabIndex={-1}>
          {title}
        </Title>
        <Text c="dimmed" mt="xs" maw="40rem">
          {lead}
        </Text>
        {specs.length > 0 && (
          <Text size="xs" c="dimmed" mt="xs">
            Rests on{' '}
            {specs.filter(specReference).map((spec, index) => (
              <span key={spec}>
                {index > 0 && ' · '}
                <SpecLink citation={spec} />
              </span>
            ))}
          </Text>
        )}
      </Box>
      {children}
    </Stack>
  )
}
