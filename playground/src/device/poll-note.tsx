import { Code, Text } from '@mantine/core'
import type { ReactNode } from 'react'

/** What a reader of the log and the console asks while a client polls. @param subject what a new attempt starts with */
export function PollNote({ subject }: { readonly subject: 'code' | 'request' }): ReactNode {
  return (
    <Text size="xs" c="dimmed" mt={4}>
      Until you decide, the server responds to each poll with status 400 and <Code>authorization_pending</Code>. That is not a
      failure: it means “poll again”. A fault that you choose now applies to the next {subject}.
    </Text>
  )
}
