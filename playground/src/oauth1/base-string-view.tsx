import { Badge, Code, List, Text } from '@mantine/core'
import { type EncodedParameter, percentEncode, type SignatureBase } from '@latchkey/oauth1/signature'
import type { ReactNode } from 'react'
import { decoded } from './exchange.js'

/** The part of a request that an attacker has changed. */
export interface Mark {
  /** `method`, `uri` or the name of a parameter. */
  readonly part: string
  readonly label: string
}

interface BaseStringViewProps {
  readonly base: SignatureBase
  readonly mark?: Mark | undefined
}

/** The three parts of a signature base string, and how they are joined. The number of a part says which is which, beside its color. */
export function BaseStringView({ base, mark }: BaseStringViewProps): ReactNode {
  const { method, uri, parameters } = base
  const normalized = parameters.map((parameter) => parameter.join('=')).join('&')
  return (
    <div>
      <Text size="sm">
        {mark
          ? 'The server builds this text from the request as it arrives, and checks the signature with it. It has three parts:'
          : 'Both sides build this text from the request, and sign it. It has three parts:'}
      </Text>
      <List type="ordered" size="sm" spacing={4} my="xs">
        <List.Item>
          <span className="base-part base-method">Method</span>, in upper case: <Code>{method}</Code>{' '}
          <MarkOf part="method" mark={mark} />
        </List.Item>
        <List.Item>
          <span className="base-part base-uri">URI</span>, without the query: <Code className="secret">{uri}</Code>{' '}
          <MarkOf part="uri" mark={mark} />
        </List.Item>
        <List.Item>
          <span className="base-part base-parameters">Parameters</span>, those of the query, the form and OAuth, sorted:
          <Parameters parameters={parameters} mark={mark} />
        </List.Item>
      </List>
      <Text size="sm" mb={4}>
        Each part is percent-encoded, and they are joined with “&amp;”:
      </Text>
      <Code block className="secret base-string" tabIndex={0} aria-label="Signature base string">
        <span className="base-part base-method">{percentEncode(method)}</span>&amp;
        <span className="base-part base-uri">{percentEncode(uri)}</span>&amp;
        <span className="base-part base-parameters">{percentEncode(normalized)}</span>
      </Code>
    </div>
  )
}

interface ParametersProps {
  readonly parameters: readonly EncodedParameter[]
  readonly mark: Mark | undefined
}

function Parameters({ parameters, mark }: ParametersProps): ReactNode {
  return (
    <List listStyleType="none" size="xs" ff="monospace" className="secret">
      {parameters.map(decoded).map(([name, value], index) => (
        <List.Item key={`${name} ${index}`}>
          {name}={value} <MarkOf part={name} mark={mark} />
        </List.Item>
      ))}
    </List>
  )
}

/** Says in words that a part was changed. */
export function MarkOf({ part, mark }: { readonly part: string; readonly mark: Mark | undefined }): ReactNode {
  if (mark?.part !== part) return undefined
  return (
    <Badge color="red.9" size="sm" tt="none">
      {mark.label}
    </Badge>
  )
}
