import { Badge, Button, Code, Group, Text } from '@mantine/core'
import { useLogin } from '@latchkey/react'
import type { ReactNode } from 'react'
import { useConnection } from '../connection/connection-context.js'

export interface ApiResponse {
  readonly status: number
  /** The `WWW-Authenticate` header. */
  readonly challenge: string | undefined
  readonly body: string
}

/** What the API said: its status, what it wants when it refuses, its body. */
export function ApiResponseView({ answer }: { readonly answer: ApiResponse }): ReactNode {
  const { status, challenge, body } = answer
  const isRefused = status >= 400
  return (
    <>
      <Group gap="xs" mb="xs">
        <Badge color={isRefused ? 'red.9' : 'teal.9'}>{status}</Badge>
        <Text size="sm">{isRefused ? 'The API refused.' : 'The API answered.'}</Text>
      </Group>
      {challenge && (
        <Text size="xs" c="dimmed" mb="xs">
          It says what it wants: <Code className="secret">WWW-Authenticate: {challenge}</Code>
        </Text>
      )}
      {challenge && <MissingScope challenge={challenge} />}
      {body && (
        <Code block tabIndex={0} aria-label="The answer">
          {pretty(body)}
        </Code>
      )}
    </>
  )
}

/** An API that wants more scope says which: the person can be asked for it. @see RFC 6750, section 3.1 */
function MissingScope({ challenge }: { readonly challenge: string }): ReactNode {
  const { connection } = useConnection()
  const { login, isPending } = useLogin()
  const scope = /error="insufficient_scope".*scope="(?<scope>[^"]+)"/.exec(challenge)?.groups?.['scope']
  if (scope === undefined) return undefined
  return (
    <Button mb="xs" size="xs" loading={isPending} onClick={() => void login({ scope: `${connection.scope} ${scope}` })}>
      Sign in again and ask for “{scope}”
    </Button>
  )
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text.slice(0, 2000)
  }
}
