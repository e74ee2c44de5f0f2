import { Group, Paper, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'

interface CardProps {
  readonly title: string
  readonly hint?: ReactNode
  /** At the right of the title: a badge or a button. */
  readonly aside?: ReactNode
  readonly children?: ReactNode
}

/** A box with a title; a region for screen readers. */
export function Card({ title, hint, aside, children }: CardProps): ReactNode {
  const id = useId()
  return (
    <Paper component="section" aria-labelledby={id} withBorder p="lg" radius="lg">
      <Stack gap="md">
        <div>
          <Group justify="space-between" align="center" gap="xs">
            <Title order={2} size="h4" id={id}>
              {title}
            </Title>
            {aside}
          </Group>
          {hint && (
            <Text size="sm" c="dimmed" mt={4}>
              {hint}
            </Text>
          )}
        </div>
        {children}
      </Stack>
    </Paper>
  )
}
