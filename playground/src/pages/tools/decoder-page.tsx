import { Button, Group, Text, Textarea, TextInput } from '@mantine/core'
import { CodeIcon } from '@primer/octicons-react/CodeIcon'
import { type ReactNode, useMemo, useState } from 'react'
import { useConnection } from '../../connection/connection-context.js'
import { DecodedView } from '../../decoder/decoded-view.js'
import { cleanToken, whyUnreadable } from '../../decoder/pasted-token.js'
import { BreakToken } from '../../decoder/break-token.js'
import { GivenTokens } from '../../decoder/given-tokens.js'
import { useServerKeys } from '../../decoder/use-server-keys.js'
import { type DecodedToken, decodeToken, type VerifyStep, verifySteps } from '../../decoder/verify-steps.js'
import { VerifyView } from '../../decoder/verify-view.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { Card } from '../../ui/card.js'
import { ErrorAlert } from '../../ui/error-alert.js'
import { Page } from '../../ui/page.js'
import { useFocusOn } from '../../ui/use-focus-on.js'
import { usePageState } from '../../ui/use-page-state.js'

export function DecoderPage(): ReactNode {
  const { connection } = useConnection()
  const [token, setToken] = useState('')
  const [{ audience }, change] = usePageState(useMemo(() => ({ audience: connection.clientId }), [connection.clientId]))
  const text = cleanToken(token)
  const decoded = decodeToken(text)
  const { state, run, verify } = useVerification(audience)
  const breakToken = (changed: string): void => {
    setToken(changed)
    const parts = decodeToken(changed)
    if (parts) run(() => verify(changed, parts))
  }
  // A verdict must not be shown beside another token.
  const shown = state.status === 'done' && state.result.of === `${audience} ${text}` ? state.result : undefined
  const place = useFocusOn(shown)
  return (
    <Page
      title="Token decoder"
      lead="Paste any JSON Web Token. It is decoded in this page and sent nowhere. Reading it proves nothing: the checks below are what an app and an API do before they trust a token."
      specs={['RFC 7519, section 7.2', 'RFC 8725, section 3']}
    >
      <Card title="Token" hint="The token does not become part of the page’s link.">
        <TokenField value={token} problem={text === '' || decoded ? undefined : whyUnreadable(text)} onChange={setToken} />
        <GivenTokens audience={audience} onChoose={setToken} />
        <AudienceField value={audience} onChange={(next) => change({ audience: next })} />
        <Group>
          <Button
            leftSection={<CodeIcon />}
            disabled={!decoded}
            loading={state.status === 'running'}
            onClick={() => decoded && run(() => verify(text, decoded))}
          >
            Verify the token
          </Button>
          <Text size="sm" c="dimmed">
            With the public keys of {connection.issuer}
          </Text>
        </Group>
        {decoded && <BreakToken token={text} onChange={breakToken} />}
      </Card>
      <div ref={place} tabIndex={-1} className="outcome">
        <div role="status">{shown && <VerifyView steps={shown.steps} />}</div>
      </div>
      {state.status === 'failed' && <ErrorAlert error={state.error} title="The server’s keys could not be fetched" />}
      {decoded && <DecodedView key={text} decoded={decoded} />}
    </Page>
  )
}

interface TokenFieldProps {
  readonly value: string
  readonly problem: string | undefined
  readonly onChange: (value: string) => void
}

function TokenField({ value, problem, onChange }: TokenFieldProps): ReactNode {
  return (
    <Textarea
      label="JSON Web Token"
      autosize
      minRows={4}
      maxRows={10}
      value={value}
      error={problem}
      classNames={{ input: 'token-input' }}
      spellCheck={false}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

interface AudienceFieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
}

function AudienceField({ value, onChange }: AudienceFieldProps): ReactNode {
  return (
    <TextInput
      label="Expected audience"
      description="The client ID for an ID token, the API’s identifier for an access token."
      styles={{ wrapper: { maxWidth: '24rem' } }}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

interface Verification {
  /** The audience and the token that were verified. */
  readonly of: string
  readonly steps: readonly VerifyStep[]
}

function useVerification(audience: string) {
  const { issuer } = useConnection().connection
  const fetchKeys = useServerKeys()
  const { state, run } = useExperiment<Verification>()
  const verify = async (text: string, decoded: DecodedToken): Promise<Verification> => {
    const steps = await verifySteps(text, decoded, { issuer, audience, keys: await fetchKeys(), now: Date.now() })
    return { of: `${audience} ${text}`, steps }
  }
  return { state, run, verify }
}
