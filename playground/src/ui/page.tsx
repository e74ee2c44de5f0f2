import { Box, Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import { specReference } from '../guide/spec-reference.js'
import { CopyLinkButton } from './copy-link-button.js'
import { IgnoredParametersAlert } from './ignored-parameters-alert.js'
import { setPageTitle } from './page-title.js'
import { SpecLink } from './spec-link.js'

interface PageProps {
  readonly title: string
  /** One or two sentences for a reader who is new to OAuth. */
  readonly lead: ReactNode
  /** The sections that specify the topic of the page. */
  readonly specs?: readonly string[] | undefined
  readonly children: ReactNode
}

/** The path of the previous page; undefined on the first page, which does not move the focus. */
let shownPath: string | undefined

/** The layout of a page. Its heading gets the focus after a navigation, so that a screen reader starts there. */
export function Page({ title, lead, specs = [], children }: PageProps): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    setPageTitle(title)
    if (shownPath !== undefined && shownPath !== location.pathname) {
      window.scrollTo(0, 0)
      heading.current?.focus({ preventScroll: true })
    }
    shownPath = location.pathname
  }, [title])
  return (
    <Stack gap="lg" maw="50rem" mx="auto">
      <Box>
        <Group justify="space-between" align="start" wrap="nowrap">
          <Title order={1} size="h2" ref={heading} tabIndex={-1} miw={0} style={{ overflowWrap: 'anywhere' }}>
            {title}
          </Title>
          <CopyLinkButton />
        </Group>
        <Text c="dimmed" mt="xs" maw="40rem">
          {lead}
        </Text>
        {specs.length > 0 && (
          <Text size="xs" c="dimmed" mt="xs">
            Spec:{' '}
            {specs.filter(specReference).map((spec, index) => (
              <span key={spec}>
                {index > 0 && ' · '}
                <SpecLink citation={spec} />
              </span>
            ))}
          </Text>
        )}
      </Box>
      <IgnoredParametersAlert />
      {children}
    </Stack>
  )
}
