import { Badge, Code, Group, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { fieldsOfJson, fieldsOfParameters, maskedField } from '../network-log/masked-fields.js'
import { FieldList, type ListedField } from '../ui/field-list.js'
import { BaseStringView, type Mark, MarkOf } from './base-string-view.js'
import type { Exchange, SignedRequest } from './exchange.js'

interface ExchangeViewProps {
  readonly exchange: Exchange
  readonly mark?: Mark | undefined
  /** Level of the headings. */
  readonly level: 3 | 4
}

/** A signed request, its signature base string, and the response. */
export function ExchangeView({ exchange: { request, status, body }, mark, level }: ExchangeViewProps): ReactNode {
  return (
    <Stack gap="lg">
      <Part level={level} title="Request">
        <RequestView request={request} mark={mark} />
      </Part>
      <Part level={level} title="Signature base string">
        {isPlaintext(request) && (
          <Text size="sm" mb="xs">
            PLAINTEXT does not use it: <Code>oauth_signature</Code> consists of the two secrets. Another method would sign this:
          </Text>
        )}
        <BaseStringView base={request.base} mark={mark} />
        {!isPlaintext(request) && (
          <Text size="sm" mt="xs">
            {keyOf(request)}
          </Text>
        )}
      </Part>
      <Part level={level} title="Response">
        <Group gap="xs" mb="xs">
          <Badge color={status >= 400 ? 'red.9' : 'teal.9'}>{status}</Badge>
          <Text size="sm">{status >= 400 ? 'The server refused the request.' : 'The server accepted the request.'}</Text>
        </Group>
        <FieldList fields={responseFields(body)} />
      </Part>
    </Stack>
  )
}

function RequestView({ request, mark }: { readonly request: SignedRequest; readonly mark: Mark | undefined }): ReactNode {
  const { method, url, place, parameters } = request
  return (
    <>
      <Code block className="secret" tabIndex={0} aria-label="Request line">
        {method} {withMaskedSignature(url)}
      </Code>
      <Group gap={4} my="xs">
        <Text size="sm">The OAuth parameters, {place}:</Text>
        <MarkOf part="oauth_signature" mark={mark} />
      </Group>
      <FieldList fields={parameters.map(([name, value]) => maskedField(name, value))} />
    </>
  )
}

interface PartProps {
  readonly title: string
  readonly level: 3 | 4
  readonly children: ReactNode
}

function Part({ title, level, children }: PartProps): ReactNode {
  return (
    <div>
      <Title order={level} size="h6" mb="xs">
        {title}
      </Title>
      {children}
    </div>
  )
}

/** Tells whether a request has the secrets instead of a signature. */
export function isPlaintext({ parameters }: SignedRequest): boolean {
  return parameters.some(([name, value]) => name === 'oauth_signature_method' && value === 'PLAINTEXT')
}

/** Says what the text is signed with. @see RFC 5849, section 3.4.2 */
function keyOf({ parameters }: SignedRequest): string {
  const values = new Map(parameters)
  if (values.get('oauth_signature_method')?.startsWith('RSA')) return 'The app signs this text with its private key.'
  const tokenSecret = values.has('oauth_token') ? 'the secret of oauth_token' : 'nothing, because there is no token yet'
  return `The signature is the HMAC of this text. Its key is the consumer secret, “&” and ${tokenSecret}.`
}

/** With PLAINTEXT, the signature consists of the secrets. */
function withMaskedSignature(url: string): string {
  return url.replace(/(oauth_(?:signature|verifier)=)[^&]*/g, '$1••••')
}

/** The provider sends forms, the API sends JSON. */
function responseFields(body: string): readonly ListedField[] {
  if (!body.startsWith('{')) return fieldsOfParameters(new URLSearchParams(body))
  return fieldsOfJson(JSON.parse(body))
}
