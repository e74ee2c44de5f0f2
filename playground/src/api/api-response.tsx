import { Badge, Button, Code, Group, Text } from '@mantine/core'
import { useLogin } from '@latchkey/react'
import type { ReactNode } from 'react'
import { builtInConnection } from '../connection/built-in-connection.js'
import { useConnection } from '../connection/connection-context.js'

/** What the page shows of an API's response. */
export interface ApiResponse {
  readonly status: number
  /** The `WWW-Authenticate` header. */
  readonly challenge: string | undefined
  readonly body: string
}

/** Shows status, `WWW-Authenticate` challenge and body of a response. */
export function ApiResponseView({ response }: { readonly response: ApiResponse }): ReactNode {
  const { status, challenge, body } = response
  const isError = status >= 400
  return (
    <>
      <Group gap="xs" mb="xs">
        <Badge color={isError ? 'red.9' : 'teal.9'}>{status}</Badge>
        <Text size="sm">{verdictOf(status)}</Text>
      </Group>
      {challenge && (
        <Text size="xs" c="dimmed" mb="xs">
          The API requires: <Code className="secret">WWW-Authenticate: {challenge}</Code>
        </Text>
      )}
      {challenge && <MissingScope challenge={challenge} />}
      {status === 401 && <UnknownIssuer challenge={challenge} />}
      {body && (
        <Code block tabIndex={0} aria-label="Response body">
          {pretty(body)}
        </Code>
      )}
    </>
  )
}

function verdictOf(status: number): string {
  if (status >= 500) return 'The API could not handle the request.'
  return status >= 400 ? 'The API rejected the request.' : 'The API accepted the request.'
}

/** Offers a sign-in with the scope that the API requires. @see RFC 6750, section 3.1 */
function MissingScope({ challenge }: { readonly challenge: string }): ReactNode {
  const { connection } = useConnection()
  const { login, isPending } = useLogin()
  const scope = /error="insufficient_scope".*scope="(?<scope>[^"]+)"/.exec(challenge)?.groups?.['scope']
  if (scope === undefined) return undefined
  return (
    <Button mb="xs" size="xs" loading={isPending} onClick={() => void login({ scope: `${connection.scope} ${scope}` })}>
      Sign in again with scope “{scope}”
    </Button>
  )
}

/** Says why the playground's own API rejects every token of another server. */
function UnknownIssuer({ challenge }: { readonly challenge: string | undefined }): ReactNode {
  const { issuer } = useConnection().connection
  const isOwnApi = challenge?.includes(`realm="${builtInConnection.issuer}"`)
  if (!isOwnApi || issuer === builtInConnection.issuer) return undefined
  return (
    <Text size="sm" mb="xs">
      The API of the playground accepts only tokens of the built-in server, not those of {issuer}. The client did its part: it
      sent the token.
    </Text>
  )
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text.slice(0, 2000)
  }
}
