import { Button, Group, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import { DEMO_USERS, DENY, ISSUER, type Decision } from './in-page-sign-in.js'

/** The page of the authorization server, where the user signs in. It gets the focus. */
export function ServerPage({ onDecision }: { readonly onDecision: (decision: Decision) => void }): ReactNode {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    box.current?.focus({ preventScroll: true })
    // In braces, because newer browsers return a promise, which an effect must not.
    box.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <section ref={box} tabIndex={-1} className="server-page" aria-labelledby="server-page">
      <Text size="xs" c="dimmed" ff="monospace">
        {ISSUER}/authorize
      </Text>
      <Title order={3} size="h5" id="server-page" my="xs">
        The server’s page: who signs in?
      </Title>
      <Group>
        {DEMO_USERS.map(({ sub, name }) => (
          <Button key={sub} onClick={() => onDecision(sub)}>
            {name}
          </Button>
        ))}
        <Button variant="default" onClick={() => onDecision(DENY)}>
          Deny
        </Button>
      </Group>
    </section>
  )
}
