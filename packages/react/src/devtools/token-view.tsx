'use client'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import type { ReactElement } from 'react'
import { mask } from './protocol-message.js'

interface TokenViewProps {
  readonly name: string
  readonly token: string | undefined
  readonly note?: string | undefined
}

/** A masked token. A JSON Web Token can be decoded with a click. */
export function TokenView({ name, token, note }: TokenViewProps): ReactElement {
  const decoded = token === undefined ? undefined : decode(token)
  return (
    <div className="lk-token">
      <dt>{name}</dt>
      <dd>
        <code>{token === undefined ? 'none' : mask(token)}</code> {note}
        {decoded !== undefined && (
          <details>
            <summary>Decode {name}</summary>
            <pre tabIndex={0}>{decoded}</pre>
          </details>
        )}
      </dd>
    </div>
  )
}

/** @returns the header and payload, without the signature, so that the text cannot be used as a token; undefined if the token is opaque */
function decode(token: string): string | undefined {
  try {
    return JSON.stringify({ header: decodeProtectedHeader(token), payload: decodeJwt(token) }, undefined, 2)
  } catch {
    return undefined
  }
}
