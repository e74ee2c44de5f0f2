'use client'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import type { ReactElement } from 'react'
import { mask } from './protocol-message.js'

interface TokenViewProps {
  readonly name: string
  readonly token: string | undefined
  readonly note?: string | undefined
}

/** A token, masked; what a JSON Web Token says is one click away. */
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

/** @returns undefined for an opaque token; the signature is not shown, so what is shown cannot be used */
function decode(token: string): string | undefined {
  try {
    return JSON.stringify({ header: decodeProtectedHeader(token), payload: decodeJwt(token) }, undefined, 2)
  } catch {
    return undefined
  }
}
